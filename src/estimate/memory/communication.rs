//! Buffers of collectives.

use super::run::Run;
use crate::request::Sharding;

/// Buffers of collectives.
///
/// DDP copies gradients into buckets (PyTorch's default, `gradient_as_bucket_view=False`). ZeRO-3 and FSDP gather two blocks at a
/// time, and keep embedding and output layer gathered. ZeRO-2 reduces in buckets of 500 million values (DeepSpeed's default).
pub(super) fn communication(run: &Run, weights_off: bool, gradients: f64) -> f64 {
    const BUCKET_VALUES: f64 = 5e8;
    let split = &run.split;
    let width = run.widths.linear;
    // Quantised blocks are gathered as they are stored.
    let block_width = if run.trains_base() { width } else { run.setup.recipe.weights.block_bytes() };
    let (inventory, on_card) = (&run.inventory, &run.on_card);
    let layer = if inventory.layers < 1.0 { 0.0 } else { inventory.layer(split) };
    let gathered = || {
        let all = on_card.total() * width;
        (2.0 * layer * block_width + (on_card.embedding + on_card.head) * width).min(all)
    };
    if split.replicas() <= 1.0 {
        return if weights_off { gathered() } else { 0.0 };
    }
    let elsewhere = 1.0 - 1.0 / split.replicas();
    // Weights on the host are gathered as well, from there.
    let fetched = if weights_off { gathered() } else { 0.0 };
    match split.sharding {
        Sharding::Ddp | Sharding::Zero1 => gradients + fetched,
        Sharding::Zero2 => gradients.min(BUCKET_VALUES * width) * elsewhere + fetched,
        Sharding::Zero3 => gathered() * elsewhere,
    }
}
