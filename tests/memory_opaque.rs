//! Networks without a block structure against the memory their authors publish.

use serde_json::{Value, json};
use whichcard::catalog::Catalog;
use whichcard::estimate::{Memory, memory};
use whichcard::request::{Request, resolve};

fn catalog() -> Catalog {
    Catalog::from_json(include_str!("../catalog.json")).unwrap()
}

/// Memory at the peak of training.
fn peak(model: &str, batch: u64, precision: &str, optimizer: &str) -> Memory {
    let request: Value = json!({
        "model": model, "job": {"kind": "pretrain"}, "rig": {"card": "a100-sxm-80gb"},
        "recipe": {"microBatch": batch, "precision": precision, "optimizer": optimizer, "stack": "pytorch"},
    });
    memory(&resolve(&catalog(), &Request::from_value(request).unwrap()).unwrap())
}

/// Gibibytes the allocator holds then.
fn allocated(model: &str, batch: u64, precision: &str, optimizer: &str) -> f64 {
    peak(model, batch, precision, optimizer).allocated.as_gib()
}

#[track_caller]
fn near(estimate: f64, published: f64) {
    assert!((estimate / published - 1.0).abs() < 0.12, "{estimate:.1} GiB, published {published} GiB");
}

#[test]
fn driving_perception() {
    // Its authors read 28.5 GB off `nvidia-smi` (fundamentalvision/BEVFormer, issue 30).
    near(peak("bevformer-base", 1, "fp32", "adamw").total.as_gib(), 26.5);
    near(allocated("pointpillars-kitti", 6, "fp32", "adamw"), 5.5);
}

#[test]
fn detection() {
    near(allocated("faster-rcnn-r50-fpn", 2, "fp32", "sgd-momentum"), 4.0);
    near(allocated("mask-rcnn-r50-fpn", 2, "fp32", "sgd-momentum"), 4.4);
    for (model, published) in [("yolov8n", 2.8), ("yolov8s", 4.0), ("yolov8m", 7.2), ("yolov8x", 12.2)] {
        near(allocated(model, 16, "fp16-autocast", "sgd-momentum"), published);
    }
}

#[test]
fn scenes() {
    near(allocated("3dgs-gsplat", 1, "fp32", "adamw"), 5.6);
    near(allocated("3dgs-inria", 1, "fp32", "adamw"), 8.95);
}

#[test]
fn half_the_values_take_half_the_bytes() {
    let wide = allocated("bevformer-base", 1, "fp32", "adamw");
    let narrow = allocated("bevformer-base", 1, "fp16-autocast", "adamw");
    assert!(narrow < 0.6 * wide && narrow > 0.45 * wide, "{narrow} of {wide}");
}
