//! Kinds of work, and the groups that they fall into.

use super::keyword;

keyword!(
    /// What the visitor wants done with the model.
    JobKind {
        /// Training from random weights.
        Pretrain = "pretrain",
        /// Training all weights of a trained model.
        FullFinetune = "full-finetune",
        /// Training low-rank adapters on 16-bit frozen weights.
        Lora = "lora",
        /// Training low-rank adapters on quantised frozen weights.
        Qlora = "qlora",
        /// Running the model.
        Inference = "inference",
    }
);

impl JobKind {
    /// Whether weights are changed.
    #[must_use]
    pub const fn trains(self) -> bool {
        match self {
            Self::Pretrain | Self::FullFinetune | Self::Lora | Self::Qlora => true,
            Self::Inference => false,
        }
    }

    /// Whether a trained model is trained further.
    #[must_use]
    pub const fn tunes(self) -> bool {
        self.trains() && !matches!(self, Self::Pretrain)
    }

    /// Whether only adapters are trained, on weights that stay as they are.
    #[must_use]
    pub const fn adapts(self) -> bool {
        match self {
            Self::Lora | Self::Qlora => true,
            Self::Pretrain | Self::FullFinetune | Self::Inference => false,
        }
    }
}
