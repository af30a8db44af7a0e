// All tests of report.html in a browser: node run.mjs --varprop EXE --report DIR, where DIR is the build's copy of report/ with its
// node_modules. Each file runs alone as well.
//
// Seen red, each by breaking what it is about: a cell's click and an arrow key without effect, a slice of the wrong axes, a band left
// out, no word of a profile that is elsewhere, all laws at once, points without a value first, a filter that minds capitals, exits of
// another point, a focus that is lost, an address that is not read, a page wider than the window, colours that stay, a title read as
// markup, a policy that lets any script run, a picture from the network, figures left out, names with slashes, a sweep without gradients
// all grey, a single layer that cannot be seen, ticks that name no cell, provenance a screen long, figures that do not say of what they are, and
// symbols with an underscore, maps without their curves.
import "./test_charts.mjs";
import "./test_phase_diagram.mjs";
import "./test_comparison.mjs";
import "./test_profile.mjs";
import "./test_small_sweeps.mjs";
import "./test_laws.mjs";
import "./test_provenance.mjs";
import "./test_regime_table.mjs";
import "./test_selection.mjs";
import "./test_appearance.mjs";
import "./test_foreign_text.mjs";
import "./test_figures.mjs";
