"""Speed as ratios against well-written peer programs in the same run; see docs/benchmarks.md."""
