// What rank 0 and the other ranks say to each other.
#pragma once

namespace varprop {

/// The kinds of messages, in the order in which a run uses them.
enum Tag : int {
  tag_setup,     ///< root → all: the sweep's text, or the exit code of a run that cannot begin
  tag_ready,     ///< → root: the number of compute threads
  tag_work,      ///< root → one: slots to compute
  tag_results,   ///< → root: finished records, and those of dropped units
  tag_stop,      ///< root → all: no more work; drop what is running, or finish it
  tag_farewell,  ///< → root: all results sent
  tag_verdict,   ///< root → all: the exit code
  tag_trouble,   ///< → root: memory ran out, this rank computes no more
};

}  // namespace varprop
