//! Words of a note or title that decide how a record is read. Each stands for a fact that the formats have no field for.

use super::record::{Kind, Record};
use super::{FILES, records};
use super::{framework, setup};
use anyhow::Result;
use std::fmt::Write as _;

/// A rule that reads words.
struct Rule {
    words: &'static [&'static str],
    /// What the words do.
    does: &'static str,
    /// Why they are a statement of the source, and what is taken for what they leave open.
    why: &'static str,
    touches: fn(&Record) -> bool,
}

impl Rule {
    fn holds(&self, record: &Record) -> bool {
        let note = record.lower("note");
        self.words.iter().any(|word| note.contains(word)) && (self.touches)(record)
    }
}

const RULES: [Rule; 13] = [
    Rule {
        words: &["no torch.compile"],
        does: "plain PyTorch code is taken as code that is not compiled",
        why: "The source says it of these runs; its others are compiled.",
        touches: |_| true,
    },
    Rule {
        words: &["the sum over", "total over gpus"],
        does: "the reading is divided by the number of cards",
        why: "Qwen's table gives the sum of its cards. Of three readings of Qwen2.5 it is the collector's assumption, as one card could not hold them.",
        touches: |record| record.kind == Kind::Memory,
    },
    Rule {
        words: &["whole-run", "end-to-end tokens/s"],
        does: "generated tokens are divided by the time of the whole request, its prompt included",
        why: "How the source's script divides.",
        touches: |record| record.text("phase") == "decode",
    },
    Rule {
        words: &["averaged over encoded"],
        does: "the same, with the tokens that are read counted as well",
        why: "How the source's script divides.",
        touches: |record| record.text("phase") == "decode",
    },
    Rule {
        words: &["includes host-to-device copy"],
        does: "sending the images is added to the pass, at 3 GB/s",
        why: "The timed part of the source's script begins before the copy. Its memory is not pinned; the rate is that of such memory over PCI Express 3.0, not fitted.",
        touches: |record| record.text("unit") == "s_per_step",
    },
    Rule {
        words: &["best over batch sizes"],
        does: "64 sequences of 512 tokens are run",
        why: "The source prints the best of several batches and not which; a batch this large fills every card here. Products of matrices in the same notebook need neither.",
        touches: |record| record.text("phase") != "matmul",
    },
    Rule {
        words: &["flags: "],
        does: "the loss is computed in chunks, and the step taken in the backward pass, only where the list has it",
        why: "The source builds its table by adding one switch a row, and names them.",
        touches: |_| true,
    },
    Rule {
        words: &["cpu offload with"],
        does: "weights and optimizer are kept on the host",
        why: "The source says so of the run.",
        touches: |_| true,
    },
    Rule {
        words: &["without nvlink"],
        does: "cards talk over PCI Express",
        why: "The source says so of its pair of cards.",
        touches: |_| true,
    },
    Rule {
        words: &["mean tokens per sample is unknown"],
        does: "speed is left out; memory is compared at the longest sample",
        why: "The source gives the longest sample and not how many tokens a step has.",
        touches: |record| record.kind == Kind::Speed,
    },
    Rule {
        words: &["padded short samples"],
        does: "the record is left out",
        why: "The row of the table that is not packed: how long its samples are is not stated.",
        touches: |_| true,
    },
    Rule {
        words: &[" steps"],
        does: "an image takes the steps that stand before the word (`50 steps`)",
        why: "The source states them; the format has no field for them.",
        touches: |record| record.text("phase") == "generate",
    },
    Rule {
        words: &["implausible as printed", "treat as suspect"],
        does: "the reading is estimated, listed, and counted nowhere",
        why: "The collector's judgement, before any estimate of ours: above what the card can do, or far from its siblings. What counting them would change stands above.",
        touches: |_| true,
    },
];

/// The rules as a table, with the records that each touches.
pub fn table() -> Result<String> {
    let mut all = Vec::new();
    for path in FILES {
        all.extend(records(path)?.into_iter().filter_map(|fields| Some(Record::new(fields.as_object()?.clone()))));
    }
    let mut text = String::from(
        "| words in the note | what they do | records | why this is a statement and no fit |\n| --- | --- | --: | --- |\n",
    );
    for rule in &RULES {
        let words: Vec<String> = rule.words.iter().map(|words| format!("`{}`", words.trim())).collect();
        let count = all.iter().filter(|record| rule.holds(record)).count();
        _ = writeln!(text, "| {} | {} | {count} | {} |", words.join(", "), rule.does, rule.why);
    }
    let llama_cpp = |record: &&Record| {
        let number = record.source_field("title").split("PR ").nth(1).and_then(|rest| rest.trim().parse::<u32>().ok());
        number.is_some_and(|number| number >= 15_434)
            && framework::of(record).stack == "llama.cpp"
            && record.text("attention").is_empty()
    };
    _ = writeln!(
        text,
        "| `PR` and a number from 15434 on, in the title | llama.cpp runs flash attention | {} | A pull request dates the code it was measured \
         on, and from this one on llama.cpp takes flash attention by itself. |",
        all.iter().filter(llama_cpp).count()
    );
    let sized = all.iter().filter(|record| record.text("phase") == "generate" && setup::side(record).is_some()).count();
    _ = writeln!(
        text,
        "| `1024x1024` and the like | an image of that size is made | {sized} | The source states it; `image_size` says it too, where it is there. |"
    );
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What turns records into requests and readings into quantities.
    const READERS: [&str; 9] = [
        include_str!("format.rs"),
        include_str!("parallel.rs"),
        include_str!("framework.rs"),
        include_str!("limit.rs"),
        include_str!("measure.rs"),
        include_str!("model.rs"),
        include_str!("recipe.rs"),
        include_str!("record.rs"),
        include_str!("setup.rs"),
    ];

    /// The words that some code looks for in notes.
    fn sought(code: &str) -> Vec<&str> {
        let calls = ["note.contains(\"", "lower(\"note\").contains(\"", "note.split_once(\"", "strip_suffix(\""];
        let found = calls.iter().flat_map(|call| code.split(call).skip(1)).filter_map(|rest| rest.split('"').next());
        found.filter(|words| !matches!(*words, "B" | "b")).collect()
    }

    #[test]
    fn every_word_that_is_read_is_in_the_table() {
        let listed: Vec<&str> = RULES.iter().flat_map(|rule| rule.words).copied().collect();
        let sought: Vec<&str> = READERS.iter().flat_map(|code| sought(code)).collect();
        for words in &sought {
            assert!(listed.iter().any(|known| words.starts_with(known)), "{words}: read, and not in the table");
        }
        for words in &listed {
            assert!(sought.iter().any(|known| known.starts_with(words)), "{words}: in the table, and not read");
        }
        let titles = READERS.iter().filter(|code| code.contains("source_field(\"title\")")).count();
        assert_eq!(titles, 1, "titles are read for the number of a pull request alone");
    }
}
