//! Compressed attention of DeepSeek-V4: one shared key/value head, entries pooled over several tokens, grouped low-rank output.

use super::{Count, Weights};

/// How a layer compresses what lies beyond its window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Compression {
    /// Window only.
    None,
    /// Lightly (overlapping entries), with an indexer that picks entries.
    Indexed {
        /// Tokens per entry.
        ratio: u64,
        /// Heads of the indexer.
        heads: u64,
        /// Size of its keys.
        dim: u64,
    },
    /// Heavily, all entries read.
    Heavy {
        /// Tokens per entry.
        ratio: u64,
    },
}

/// What one compressed attention layer is made of.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Compressed {
    /// Width of the residual stream.
    pub hidden: u64,
    /// Query heads.
    pub heads: u64,
    /// Size of a head and of the shared key/value.
    pub head_dim: u64,
    /// Rank of the compressed query.
    pub q_rank: u64,
    /// Groups of the output projection.
    pub groups: u64,
    /// Rank of the output projection per group.
    pub o_rank: u64,
    /// How the layer compresses.
    pub compression: Compression,
}

impl Compressed {
    /// Query through a rank with a norm, one key/value with a norm, grouped output `q o_rank + groups o_rank h`, a sink per head,
    /// and the compressor.
    #[must_use]
    pub fn weights(&self) -> Weights {
        let (hidden, dim, q_rank) = (Count(self.hidden), Count(self.head_dim), Count(self.q_rank));
        let query = Count(self.heads) * self.head_dim;
        let ranks = Count(self.groups) * self.o_rank;
        Weights::matrix(hidden, q_rank)
            + Weights::vector(q_rank)
            + Weights::matrix(q_rank, query)
            + Weights::matrix(hidden, dim)
            + Weights::vector(dim)
            + Weights::matrix(query, Count(self.o_rank))
            + Weights::matrix(ranks, hidden)
            + Weights::vector(Count(self.heads))
            + self.compressor()
    }

    fn compressor(&self) -> Weights {
        let (hidden, q_rank) = (Count(self.hidden), Count(self.q_rank));
        match self.compression {
            Compression::None => Weights::default(),
            Compression::Heavy { ratio } => pooling(hidden, Count(self.head_dim), self.head_dim, ratio),
            Compression::Indexed { ratio, heads, dim } => {
                pooling(hidden, Count(self.head_dim) * 2, self.head_dim, ratio)
                    + pooling(hidden, Count(dim) * 2, dim, ratio)
                    + Weights::matrix(q_rank, Count(heads) * dim)
                    + Weights::matrix(hidden, Count(heads))
            }
        }
    }
}

/// Entries and their gates (`width` wide, twice the entry where entries overlap), positions within an entry, a norm.
fn pooling(hidden: Count, width: Count, entry: u64, ratio: u64) -> Weights {
    Weights::matrix(hidden, width).times(2) + Weights::vector(width * ratio + entry)
}

/// Mixing of `n` parallel residual streams around attention and feed-forward part: `2 ((2 + n) n (n h + 1) + 3)`.
#[must_use]
pub fn hyper_connections(hidden: u64, streams: u64) -> Weights {
    let mixes = Count(streams) * streams.saturating_add(2);
    (Weights::matrix(Count(hidden) * streams, mixes) + Weights::vector(mixes + 3)).times(2)
}

/// Joining the streams after the last layer: `n (n h + 1) + 1`.
#[must_use]
pub fn joined_streams(hidden: u64, streams: u64) -> Weights {
    Weights::matrix(Count(hidden) * streams, Count(streams)) + Weights::vector(Count(streams) + 1)
}
