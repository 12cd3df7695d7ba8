//! The bridge to WebGPU, in a browser, against every shape a browser may give `navigator.gpu`.
#![cfg(target_arch = "wasm32")]

#[path = "../src/probe.rs"]
mod probe;

use js_sys::Function;
use probe::{ProbeResult, probe};
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};
use whichcard::detect::{Evidence, Vendor};

wasm_bindgen_test_configure!(run_in_browser);

fn run(script: &str) {
    Function::new_no_args(script).call0(&wasm_bindgen::JsValue::NULL).unwrap();
}

/// Probes with `navigator.gpu` replaced and WebGL absent, so that only WebGPU speaks.
async fn with_gpu(gpu: &str) -> ProbeResult {
    run("globalThis.kept = HTMLCanvasElement.prototype.getContext; HTMLCanvasElement.prototype.getContext = () => null;");
    run(&format!("Object.defineProperty(navigator, 'gpu', {{ value: ({gpu}), configurable: true }});"));
    let result = probe().await;
    run("HTMLCanvasElement.prototype.getContext = globalThis.kept; delete navigator.gpu;");
    result
}

async fn reads_nothing(gpu: &str) {
    let result = with_gpu(gpu).await;
    assert!(result.observation.adapters.is_empty(), "{gpu}: {:?}", result.observation);
    assert_eq!((result.guess.vendor, result.guess.evidence), (Vendor::Unknown, Evidence::Nothing), "{gpu}");
}

#[wasm_bindgen_test]
async fn a_browser_without_webgpu_is_read_without_it() {
    reads_nothing("undefined").await;
    reads_nothing("null").await;
    reads_nothing("{}").await;
}

#[wasm_bindgen_test]
async fn no_adapter_is_no_reading() {
    reads_nothing("{ requestAdapter: async () => null }").await;
    reads_nothing("{ requestAdapter: () => null }").await;
    reads_nothing("{ requestAdapter: async () => { throw new Error('no'); } }").await;
    reads_nothing("{ requestAdapter: () => { throw new Error('no'); } }").await;
    reads_nothing("{ get requestAdapter() { throw new Error('no'); } }").await;
}

#[wasm_bindgen_test]
async fn an_adapter_without_info_is_no_reading() {
    reads_nothing("{ requestAdapter: async () => ({}) }").await;
    reads_nothing("{ requestAdapter: async () => ({ info: null }) }").await;
}

#[wasm_bindgen_test]
async fn a_silent_driver_is_left_after_a_while() {
    let result = with_gpu("{ requestAdapter: () => new Promise(() => {}) }").await;
    assert!(result.limits.contains(&"detect.note.timed-out"), "{:?}", result.limits);
}

#[wasm_bindgen_test]
async fn the_second_answer_counts_if_the_first_is_empty() {
    let gpu = "(() => { let n = 0; return { requestAdapter: async () => n++ ? { info: { vendor: 'nvidia', architecture: 'ampere' } } : null }; })()";
    let result = with_gpu(gpu).await;
    assert_eq!((result.guess.vendor, result.guess.evidence), (Vendor::Nvidia, Evidence::Architecture));
}

#[wasm_bindgen_test]
async fn both_gpus_of_a_machine_are_seen() {
    let gpu = "{ requestAdapter: async ({ powerPreference }) => ({ info: powerPreference === 'low-power'
        ? { vendor: 'intel', architecture: 'gen-12lp' } : { vendor: 'nvidia', architecture: 'lovelace' } }) }";
    let result = with_gpu(gpu).await;
    assert_eq!((result.observation.adapters.len(), result.guess.vendor, result.guess.hybrid), (2, Vendor::Nvidia, true));
}

#[wasm_bindgen_test]
async fn developer_details_name_the_card() {
    let gpu = "{ requestAdapter: async () => ({ info: { vendor: 'nvidia', architecture: 'blackwell', device: '0x2d04',
        description: 'NVIDIA GeForce RTX 5060 Ti', memoryHeaps: [{ size: 32e9, properties: 6 }, { size: 16.9e9, properties: 1 }] } }) }";
    assert_eq!(with_gpu(gpu).await.guess.card(), Some("rtx-5060-ti-16gb"));
}

#[wasm_bindgen_test]
async fn webgl_is_read_and_its_context_given_back() {
    run("globalThis.lost = 0;
        const P = WebGLRenderingContext.prototype;
        globalThis.keptParameter = P.getParameter; globalThis.keptExtension = P.getExtension;
        P.getParameter = function (name) {
            return name === 0x9246 ? 'ANGLE (NVIDIA, NVIDIA GeForce RTX 3080 (0x0000220A) Direct3D11 vs_5_0 ps_5_0, D3D11)'
                : name === 0x1F01 ? 'WebKit WebGL' : 'Google Inc. (NVIDIA)';
        };
        P.getExtension = (name) => name === 'WEBGL_lose_context' ? { loseContext() { globalThis.lost += 1; } } : {};");
    run("Object.defineProperty(navigator, 'gpu', { value: undefined, configurable: true });");
    let result = probe().await;
    let lost = js_sys::Reflect::get(&js_sys::global(), &"lost".into()).unwrap();
    run("const P = WebGLRenderingContext.prototype; P.getParameter = globalThis.keptParameter; P.getExtension = globalThis.keptExtension;
        delete navigator.gpu;");
    assert_eq!((result.guess.card(), lost.as_f64()), (Some("rtx-3080-12gb"), Some(1.0)));
}

#[wasm_bindgen_test]
async fn a_real_browser_is_read_without_a_fake() {
    let result = probe().await;
    assert_eq!(result.guess.card(), None, "a test machine draws in software: {:?}", result.observation);
}
