// The licences of bundled packages.
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

const PACKAGE = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//;
const LICENCE_FILE = /^(licen[cs]e|copying|notice)/i;

/**
 * A text with name, version and licence of every package that one of these files is from.
 * @param {string} root folder that the paths start from
 * @param {string[]} inputs paths of bundled files
 */
export async function licencesOf(root, inputs) {
  const folders = new Set(inputs.map((input) => PACKAGE.exec(input)?.[1]).filter(Boolean));
  const texts = await Promise.all([...folders].sort().map((folder) => licenceOf(join(root, folder))));
  return texts.join("\n" + "-".repeat(72) + "\n\n");
}

async function licenceOf(folder) {
  const { name, version, license } = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
  const files = (await readdir(folder)).filter((file) => LICENCE_FILE.test(file)).sort();
  if (!license && files.length === 0) throw new Error(`${name} ${version} names no licence: it cannot be bundled.`);
  const texts = await Promise.all(files.map((file) => readFile(join(folder, file), "utf8")));
  return [`${name} ${version}, ${license}\n`, ...texts.map((text) => text.trim() + "\n")].join("\n");
}
