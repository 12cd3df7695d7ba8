//! Where quantised weights are while they are loaded.

use super::{Setup, Sharding, WeightFormat};

impl Setup {
    /// Whether each card holds all of the weights for a start that cards share afterwards, whatever program runs the job. bitsandbytes
    /// quantises on a card what transformers loads there, which is the whole model on every one. Linear layers in four bits may be made
    /// in main memory instead, from where FSDP shares them out; eight bits may not, and experts are one tensor since transformers 5,
    /// which bitsandbytes does not reach (its issue 1849): Axolotl and Unsloth quantise them, on every card.
    pub(crate) fn loads_whole(&self) -> bool {
        let parallel = &self.recipe.parallel;
        let shared = self.adapters_only() && parallel.sharding == Sharding::Zero3 && parallel.replicas() > 1;
        shared
            && match self.recipe.weights {
                WeightFormat::Int8 => true,
                WeightFormat::Nf4 | WeightFormat::Nf4Double => self.model.expert_layers() > 0,
                _ => false,
            }
    }
}
