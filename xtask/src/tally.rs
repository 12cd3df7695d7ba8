//! Counting the tests that really ran, from what the test programs print.

/// Tests passed and failed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    pub passed: u32,
    pub failed: u32,
}

impl Tally {
    /// Takes note of a line: libtest's and wasm-bindgen's "test result: ok. 3 passed; 1 failed; ...", or the "ℹ pass 3"
    /// and "ℹ fail 1" of Node's reporter.
    pub fn read(&mut self, line: &str) {
        let line = line.trim();
        if let Some((_, counts)) = line.strip_prefix("test result:").and_then(|rest| rest.split_once(". ")) {
            for part in counts.split(';') {
                self.note(part);
            }
        } else if let Some(count) = line.strip_prefix("ℹ pass ").and_then(number) {
            self.passed += count;
        } else if let Some(count) =
            ["ℹ fail ", "ℹ cancelled ", "ℹ skipped ", "ℹ todo "].iter().find_map(|word| line.strip_prefix(word)).and_then(number)
        {
            // A test that was left out is not a test that passed.
            self.failed += count;
        }
    }

    fn note(&mut self, part: &str) {
        match part.trim().split_once(' ') {
            Some((count, "passed")) => self.passed += number(count).unwrap_or(0),
            Some((count, "failed" | "ignored")) => self.failed += number(count).unwrap_or(0),
            _ => {}
        }
    }
}

impl std::ops::AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
    }
}

fn number(text: &str) -> Option<u32> {
    text.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(lines: &[&str], passed: u32, failed: u32) {
        let mut tally = Tally::default();
        for line in lines {
            tally.read(line);
        }
        assert_eq!(tally, Tally { passed, failed });
    }

    #[test]
    fn reads_libtest() {
        check(
            &[
                "test result: ok. 12 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s",
                "test result: FAILED. 3 passed; 2 failed; 1 ignored; 0 measured; 7 filtered out; finished in 0.10s",
            ],
            15,
            3,
        );
    }

    #[test]
    fn reads_node() {
        check(&["ℹ tests 7", "ℹ suites 0", "ℹ pass 5", "ℹ fail 1", "ℹ cancelled 0", "ℹ skipped 1", "ℹ todo 0"], 5, 2);
    }

    #[test]
    fn overlooks_what_only_mentions_tests() {
        check(&["ℹ passing through", "result: 3 passed", "running 4 tests"], 0, 0);
    }
}
