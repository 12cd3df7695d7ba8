//! What surrounds a stack over tokens: embeddings, positions, norms, pooler, output layer.

use super::{Count, Weights};

/// Input and output of a token stack.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Embeddings {
    /// Width of the residual stream.
    pub hidden: u64,
    /// Vocabulary rows.
    pub vocab: u64,
    /// Width of the table where it is projected to `hidden` (OPT-350M); zero for `hidden`.
    pub width: u64,
    /// Positions, token types and their norm are of that width too, and one layer with bias leads to `hidden` (ELECTRA).
    pub narrow: bool,
    /// Learned position rows.
    pub positions: u64,
    /// Token-type rows (BERT: 2, RoBERTa: 1, ERNIE: segments and tasks).
    pub types: u64,
    /// Weights of one norm of hidden width: `h`, or `2h` with bias.
    pub norm: u64,
    /// Norms around the stack: after the embedding, after the last layer.
    pub norms: u64,
    /// A square layer with bias pools the first token.
    pub pooler: bool,
    /// There is an output layer over the vocabulary.
    pub lm_head: bool,
    /// It shares the embedding.
    pub tied: bool,
    /// It has a bias.
    pub head_bias: bool,
}

impl Embeddings {
    /// `V w + (positions + types) h + norms`, `h (h + 1)` for a pooler, `V w` again for an output layer of its own.
    #[must_use]
    pub fn weights(&self) -> Weights {
        let width = if self.width == 0 { self.hidden } else { self.width };
        let hidden = Count(self.hidden);
        let beside = if self.narrow { Count(width) } else { hidden };
        let table = Count(self.vocab) * width;
        let mut weights = Weights::vector(table + beside * (Count(self.positions) + self.types));
        weights += Weights::vector(Count(self.norm) * self.norms);
        if width != self.hidden {
            weights += if self.narrow {
                Weights::linear(Count(width), hidden, true)
            } else {
                Weights::matrix(hidden, Count(width)).times(2)
            };
        }
        if self.pooler {
            weights += Weights::linear(hidden, hidden, true);
        }
        if self.lm_head && !self.tied {
            weights += Weights::vector(table);
        }
        if self.head_bias {
            weights += Weights::vector(Count(self.vocab));
        }
        weights
    }
}
