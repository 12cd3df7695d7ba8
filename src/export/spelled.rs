//! A plan back as a request with nothing left to defaults.

use crate::model::Model;
use crate::request::{
    CardChoice, CustomCard, JobRequest, MachineRequest, ModelChoice, MoneyRequest, RecipeRequest, Request, RigRequest, Setup,
};
use crate::units::real;

/// The request of a setup. A model that is not of the catalogue is described as it was, a card by its numbers.
#[must_use]
pub fn spelled_out(setup: &Setup) -> Request {
    let job = &setup.job;
    Request {
        model: model(&setup.model),
        job: JobRequest {
            kind: job.kind,
            sequence_length: Some(real(job.sequence_length)),
            target_length: Some(real(job.target_length)),
            padded: Some(job.padded),
            tokens: Some(job.tokens.get()),
            samples: None,
            epochs: None,
            global_batch: Some(real(job.global_batch)),
            prompt: Some(real(job.prompt)),
            output: Some(real(job.output)),
            concurrency: Some(real(job.concurrency)),
            beams: Some(real(job.beams)),
            all_logits: Some(job.all_logits),
        },
        recipe: RecipeRequest::from(&setup.recipe),
        rig: RigRequest {
            card: card(setup),
            count: Some(f64::from(setup.rig.count)),
            machine: MachineRequest {
                link: Some(setup.rig.link),
                reserved_bytes: Some(setup.rig.reserved.get()),
                power_limit_watts: setup.rig.power_limit.map(crate::units::Watts::get),
                network_gbps: setup.rig.network.map(crate::units::BytesPerSecond::as_gigabits),
                host_memory: setup.rig.main_memory.map(crate::units::Bytes::as_gib),
                host_memory_gbs: setup.rig.host_memory.map(crate::units::BytesPerSecond::as_giga),
            },
        },
        money: MoneyRequest {
            currency: Some(setup.money.currency),
            card_price: setup.money.card_price,
            rent_per_hour: setup.money.rent_per_hour,
            tariff_per_kwh: setup.money.tariff_per_kwh,
            country: setup.money.country.clone(),
            pue: Some(setup.money.pue),
            entry_loss: Some(setup.money.entry_loss),
            yearly_loss: Some(setup.money.yearly_loss),
        },
    }
}

fn model(model: &Model) -> ModelChoice {
    model.described.clone().map_or_else(|| ModelChoice::Id(model.id.clone()), ModelChoice::Described)
}

fn card(setup: &Setup) -> CardChoice {
    let card = &setup.rig.card;
    if card.id != "custom" {
        return CardChoice::Id(card.id.clone());
    }
    let tera = |peak: Option<crate::units::FlopsPerSecond>| peak.map(crate::units::FlopsPerSecond::as_tera);
    let tensor = card.peaks.tensor_fp16_acc32.or(card.peaks.fp32);
    let (major, minor) = card.compute_capability;
    CardChoice::Custom(CustomCard {
        name: Some(card.name.clone()),
        vram_gib: card.vram.as_gib(),
        bandwidth_gbs: card.bandwidth.as_giga(),
        tensor_tflops: tera(tensor).unwrap_or_default(),
        fp32_tflops: tera(card.peaks.fp32),
        compute_capability: Some(format!("{major}.{minor}")),
        tdp_watts: Some(card.tdp.get()),
        nvlink_gbs: card.nvlink.map(crate::units::BytesPerSecond::as_giga),
    })
}
