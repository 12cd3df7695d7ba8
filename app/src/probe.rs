//! Asks the browser what it draws on, for `whichcard::detect` to read. Runs on a click, never on load.
//!
//! WebGPU's bindings are behind web-sys' unstable switch, so it is reached by name; whatever is missing, null, rejected, thrown or
//! never answered becomes an empty reading.

use gloo_timers::future::TimeoutFuture;
use js_sys::{Array, Function, Object, Promise, Reflect};
use std::cell::RefCell;
use std::future::{Future, poll_fn};
use std::pin::pin;
use std::task::Poll;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{HtmlCanvasElement, WebGlRenderingContext, Window};
use whichcard::detect::{AdapterInfo, Evidence, Guess, Observation, Platform, read};
use whichcard::units::Bytes;

/// Patience with the graphics driver, over all questions.
const LIMIT_MILLISECONDS: u32 = 2000;
/// Some drivers answer nothing to the first question after the browser starts.
const RETRY_MILLISECONDS: u32 = 250;
/// `UNMASKED_VENDOR_WEBGL` and `UNMASKED_RENDERER_WEBGL` of `WEBGL_debug_renderer_info`.
const UNMASKED: (u32, u32) = (0x9245, 0x9246);

/// What was seen, and what it means.
#[derive(Clone, Debug, PartialEq)]
pub struct ProbeResult {
    /// The strings as reported, to be shown to the visitor as text.
    pub observation: Observation,
    /// The reading.
    pub guess: Guess,
    /// Keys of sentences on what could not be read, and why.
    pub limits: Vec<&'static str>,
}

/// Asks WebGL and WebGPU, for two seconds at most.
pub async fn probe() -> ProbeResult {
    let Some(window) = web_sys::window() else { return result(Observation::default(), Vec::new()) };
    let (webgl_vendor, webgl_renderer) = webgl(&window).unwrap_or_default();
    let gpu = property(&window.navigator(), "gpu");
    let adapters = RefCell::new(Vec::new());
    let in_time = match &gpu {
        Some(gpu) => within(LIMIT_MILLISECONDS, ask_adapters(gpu, &adapters)).await,
        None => true,
    };
    let adapters = adapters.into_inner();
    let missing = [
        (gpu.is_none() && !window.is_secure_context(), "detect.note.insecure"),
        (gpu.is_none() && window.is_secure_context() && webgl_renderer.is_some(), "detect.note.no-webgpu"),
        (webgl_renderer.is_none() && !adapters.is_empty(), "detect.note.no-webgl"),
        (window.is_secure_context() && webgl_renderer.is_none() && adapters.is_empty() && in_time, "detect.note.neither"),
        (!in_time, "detect.note.timed-out"),
    ];
    let mut limits: Vec<&'static str> = missing.into_iter().filter_map(|(is, key)| is.then_some(key)).collect();
    let observation = Observation { webgl_renderer, webgl_vendor, adapters, platform: platform(&window) };
    let embedded = window.top().ok().flatten().is_some_and(|top| top != window);
    if embedded && read(&observation).evidence == Evidence::Nothing {
        limits.push("detect.note.framed");
    }
    result(observation, limits)
}

fn result(observation: Observation, limits: Vec<&'static str>) -> ProbeResult {
    ProbeResult { guess: read(&observation), observation, limits }
}

/// Whether the work ended before the time did.
async fn within(milliseconds: u32, work: impl Future<Output = ()>) -> bool {
    let mut work = pin!(work);
    let mut timer = pin!(TimeoutFuture::new(milliseconds));
    poll_fn(|context| {
        if work.as_mut().poll(context).is_ready() {
            return Poll::Ready(true);
        }
        timer.as_mut().poll(context).map(|()| false)
    })
    .await
}

/// Asks for the adapter of either power preference; a machine with two GPUs may answer differently.
async fn ask_adapters(gpu: &JsValue, seen: &RefCell<Vec<AdapterInfo>>) {
    let mut adapter = request(gpu, "high-performance").await;
    if adapter.is_none() {
        TimeoutFuture::new(RETRY_MILLISECONDS).await;
        adapter = request(gpu, "high-performance").await;
    }
    let Some(adapter) = adapter else { return };
    keep(seen, info(&adapter).await);
    if let Some(other) = request(gpu, "low-power").await {
        keep(seen, info(&other).await);
    }
}

fn keep(seen: &RefCell<Vec<AdapterInfo>>, info: Option<AdapterInfo>) {
    let mut seen = seen.borrow_mut();
    if let Some(info) = info.filter(|info| !seen.contains(info)) {
        seen.push(info);
    }
}

async fn request(gpu: &JsValue, preference: &str) -> Option<JsValue> {
    let options = Object::new();
    Reflect::set(&options, &"powerPreference".into(), &preference.into()).ok()?;
    let function: Function = property(gpu, "requestAdapter")?.dyn_into().ok()?;
    answer(&function.call1(gpu, &options).ok()?).await
}

/// `adapter.info`, or `requestAdapterInfo()` of browsers before it.
async fn info(adapter: &JsValue) -> Option<AdapterInfo> {
    let info = match property(adapter, "info") {
        Some(info) => info,
        None => {
            let function: Function = property(adapter, "requestAdapterInfo")?.dyn_into().ok()?;
            answer(&function.call0(adapter).ok()?).await?
        }
    };
    let text = |key: &str| property(&info, key).and_then(|value| value.as_string()).unwrap_or_default();
    let fallback = |object: &JsValue| property(object, "isFallbackAdapter").and_then(|value| value.as_bool());
    Some(AdapterInfo {
        vendor: text("vendor"),
        architecture: text("architecture"),
        device: text("device"),
        description: text("description"),
        is_fallback_adapter: fallback(&info).or_else(|| fallback(adapter)).unwrap_or(false),
        device_memory: largest_heap(&info),
    })
}

/// The largest device-local heap (property bit 0) of `info.memoryHeaps`.
fn largest_heap(info: &JsValue) -> Option<Bytes> {
    let heaps: Array = property(info, "memoryHeaps")?.dyn_into().ok()?;
    let number = |heap: &JsValue, key: &str| property(heap, key).and_then(|value| value.as_f64()).unwrap_or(0.0);
    let local = heaps.iter().filter(|heap| number(heap, "properties") % 2.0 >= 1.0);
    local.map(|heap| number(&heap, "size")).filter(|size| *size > 0.0).reduce(f64::max).map(Bytes::new)
}

/// What a promise resolves to; nothing if it is rejected or resolves to null.
async fn answer(value: &JsValue) -> Option<JsValue> {
    JsFuture::from(Promise::resolve(value)).await.ok().filter(is_something)
}

fn property(object: &JsValue, key: &str) -> Option<JsValue> {
    Reflect::get(object, &key.into()).ok().filter(is_something)
}

fn is_something(value: &JsValue) -> bool {
    !value.is_null() && !value.is_undefined()
}

/// WebGL's vendor and renderer strings; the context is given back, because browsers allow only a few.
fn webgl(window: &Window) -> Option<(Option<String>, Option<String>)> {
    let canvas: HtmlCanvasElement = window.document()?.create_element("canvas").ok()?.dyn_into().ok()?;
    let context: WebGlRenderingContext = canvas.get_context("webgl").ok()??.unchecked_into();
    let text = |name: u32| context.get_parameter(name).ok().and_then(|value| value.as_string());
    let plain = text(WebGlRenderingContext::RENDERER).filter(|name| !name.is_empty() && name != "WebKit WebGL");
    let read = match plain {
        // Firefox tells as much here, and complains in the console about the extension.
        Some(renderer) => (text(WebGlRenderingContext::VENDOR), Some(renderer)),
        None => {
            let extension = context.get_extension("WEBGL_debug_renderer_info").ok().flatten();
            extension.map(|_| (text(UNMASKED.0), text(UNMASKED.1))).unwrap_or_default()
        }
    };
    if let Some(release) = context.get_extension("WEBGL_lose_context").ok().flatten() {
        let lose = property(&release, "loseContext").and_then(|function| function.dyn_into::<Function>().ok());
        // A context that cannot be given back is collected with its canvas.
        drop(lose.and_then(|lose| lose.call0(&release).ok()));
    }
    Some(read)
}

fn platform(window: &Window) -> Platform {
    let agent = window.navigator().user_agent().unwrap_or_default();
    let has = |word: &str| agent.contains(word);
    if has("Android") || has("iPhone") || has("iPad") {
        Platform::Mobile
    } else if has("Windows") {
        Platform::Windows
    } else if has("Mac OS X") {
        Platform::MacOs
    } else if has("Linux") || has("X11") {
        Platform::Linux
    } else {
        Platform::Unknown
    }
}
