//! Softmax attention with separate or fused query, key and value projections.

use super::{Count, Weights};
use crate::document::keyword;

keyword!(
    /// Norms on queries and keys.
    QkNorm {
        /// One weight per position in a head, shared by the heads.
        Head = "head",
        /// One weight per position of the full projection.
        Full = "full",
    }
);

/// What one attention layer is made of.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Attention {
    /// Width of the residual stream.
    pub hidden: u64,
    /// Query heads.
    pub heads: u64,
    /// Key/value heads.
    pub kv_heads: u64,
    /// Size of a head.
    pub head_dim: u64,
    /// Bias on the query and value projections.
    pub qv_bias: bool,
    /// Bias on the key projection (Whisper and DINOv3 have none there).
    pub k_bias: bool,
    /// Bias on the output projection.
    pub output_bias: bool,
    /// Norms on queries and keys.
    pub qk_norm: Option<QkNorm>,
    /// Query projection is twice as wide: the second half gates the output.
    pub gate: bool,
    /// One learned value a head ("attention sinks").
    pub sinks: bool,
    /// Keys serve as values: no value projection.
    pub k_eq_v: bool,
    /// Keys and values come from an earlier layer: neither projection exists.
    pub shared_kv: bool,
    /// Keys of relative positions have a projection of their own.
    pub position_keys: bool,
}

impl Attention {
    /// Width of all query heads together: `q = heads x head_dim`.
    #[must_use]
    pub fn query_width(&self) -> Count {
        Count(self.heads) * self.head_dim
    }

    /// Width of all key heads together: `k = kv_heads x head_dim`.
    #[must_use]
    pub fn key_width(&self) -> Count {
        Count(self.kv_heads) * self.head_dim
    }

    /// `h q (1 + gate) + 2 h k + q h`, biases, norms and sinks.
    #[must_use]
    pub fn weights(&self) -> Weights {
        let (hidden, query, key) = (Count(self.hidden), self.query_width(), self.key_width());
        let mut weights = Weights::linear(hidden, if self.gate { query * 2 } else { query }, self.qv_bias);
        weights += Weights::linear(query, hidden, self.output_bias);
        if !self.shared_kv {
            weights += Weights::linear(hidden, key, self.k_bias);
            if !self.k_eq_v {
                weights += Weights::linear(hidden, key, self.qv_bias);
            }
        }
        weights += Weights::vector(match self.qk_norm {
            Some(QkNorm::Head) if self.shared_kv => Count(self.head_dim),
            Some(QkNorm::Head) => Count(self.head_dim) * 2,
            Some(QkNorm::Full) => query + key,
            None => Count(0),
        });
        if self.position_keys {
            weights += Weights::matrix(hidden, key);
        }
        if self.sinks {
            weights += Weights::vector(Count(self.heads));
        }
        weights
    }
}
