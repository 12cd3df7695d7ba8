//! Multi-head latent attention (DeepSeek-V2 and later), with the indexer of DeepSeek sparse attention.

use super::{Count, Weights};

/// What one latent attention layer is made of.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Latent {
    /// Width of the residual stream.
    pub hidden: u64,
    /// Query heads.
    pub heads: u64,
    /// Rank of the compressed query; zero projects queries directly.
    pub q_rank: u64,
    /// Rank of the compressed key/value.
    pub kv_rank: u64,
    /// Query/key size per head without positions.
    pub nope: u64,
    /// Query/key size with rotary positions, shared by the heads on the key side.
    pub rope: u64,
    /// Value size per head.
    pub v_dim: u64,
    /// Heads of the indexer; zero without one.
    pub indexer_heads: u64,
    /// Head size of the indexer.
    pub indexer_dim: u64,
}

impl Latent {
    /// Query (direct or through rank `q_rank` with a norm), `h (kv_rank + rope)`, norm, `kv_rank heads (nope + v)`, output.
    #[must_use]
    pub fn weights(&self) -> Weights {
        let (hidden, q_rank, kv_rank) = (Count(self.hidden), Count(self.q_rank), Count(self.kv_rank));
        let query = Count(self.heads) * (Count(self.nope) + self.rope);
        let mut weights = if self.q_rank == 0 {
            Weights::matrix(hidden, query)
        } else {
            Weights::matrix(hidden, q_rank) + Weights::vector(q_rank) + Weights::matrix(q_rank, query)
        };
        weights += Weights::matrix(hidden, kv_rank + self.rope) + Weights::vector(kv_rank);
        weights += Weights::matrix(kv_rank, Count(self.heads) * (Count(self.nope) + self.v_dim));
        weights += Weights::matrix(Count(self.heads) * self.v_dim, hidden);
        weights + self.indexer()
    }

    /// Queries from the compressed query, one key of `indexer_dim` with a LayerNorm, one weight a head.
    fn indexer(&self) -> Weights {
        if self.indexer_heads == 0 {
            return Weights::default();
        }
        let (hidden, heads, dim) = (Count(self.hidden), Count(self.indexer_heads), Count(self.indexer_dim));
        Weights::matrix(Count(self.q_rank), heads * dim)
            + Weights::matrix(hidden, dim)
            + Weights::vector(dim * 2)
            + Weights::matrix(hidden, heads)
    }
}
