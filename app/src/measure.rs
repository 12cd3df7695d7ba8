//! Starts `measure.js`, which measures the graphics adapter in a worker, and hears what it finds.

use gloo_events::EventListener;
use gloo_timers::callback::Timeout;
use js_sys::{Object, Reflect};
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{MessageEvent, Worker};
use whichcard::detect::Measured;
use whichcard::units::{BytesPerSecond, FlopsPerSecond};

/// Relative, so that it works under any folder.
const SCRIPT: &str = "measure.js";
/// How long it may take, and how much memory it may hold.
const LIMIT_MILLISECONDS: u32 = 2000;
const LIMIT_BYTES: f64 = 240.0 * 1_048_576.0;
/// What the worker is given of the time: the rest is for starting it and stopping it.
const MEASURING_MILLISECONDS: f64 = 1600.0;

/// What has been found so far.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Findings {
    /// WebGPU's word for the maker of what was measured.
    pub vendor: String,
    /// The rates.
    pub measured: Measured,
    /// Set at the end: `done`, or why nothing more comes (`no-webgpu`, `no-adapter`, `software`, `failed`, `late`).
    pub ended: Option<String>,
}

/// A measurement under way; dropping it ends it at once.
pub struct Measuring {
    worker: Worker,
    _listener: EventListener,
    _limit: Timeout,
}

impl Drop for Measuring {
    fn drop(&mut self) {
        self.worker.terminate();
    }
}

/// Starts measuring; `hear` gets everything found so far, whenever something is found, and last with `ended` set.
pub fn start(hear: impl Fn(Findings) + 'static) -> Option<Measuring> {
    let worker = Worker::new(SCRIPT).ok()?;
    let findings = Rc::new(RefCell::new(Findings::default()));
    let hear = Rc::new(hear);
    let tell = {
        let (findings, hear) = (Rc::clone(&findings), Rc::clone(&hear));
        move |message: &JsValue| {
            let now = {
                let mut findings = findings.borrow_mut();
                if findings.ended.is_some() {
                    return;
                }
                note(&mut findings, message);
                findings.clone()
            };
            hear(now);
        }
    };
    let ending = tell.clone();
    let limit = Timeout::new(LIMIT_MILLISECONDS, move || ending(&object("ended", &"late".into())));
    let listener = EventListener::new(&worker, "message", move |event| {
        if let Some(event) = event.dyn_ref::<MessageEvent>() {
            tell(&event.data());
        }
    });
    let request = object("milliseconds", &MEASURING_MILLISECONDS.into());
    Reflect::set(&request, &"bytes".into(), &LIMIT_BYTES.into()).ok()?;
    worker.post_message(&request).ok()?;
    Some(Measuring { worker, _listener: listener, _limit: limit })
}

fn object(key: &str, value: &JsValue) -> JsValue {
    let object = Object::new();
    // Setting a property of a new plain object cannot fail.
    drop(Reflect::set(&object, &key.into(), value));
    object.into()
}

/// Takes one message of the worker in.
fn note(findings: &mut Findings, message: &JsValue) {
    let get = |object: &JsValue, key: &str| Reflect::get(object, &key.into()).ok();
    let text = |object: &JsValue, key: &str| get(object, key).and_then(|value| value.as_string());
    if let Some(adapter) = get(message, "adapter").filter(JsValue::is_object) {
        findings.vendor = text(&adapter, "vendor").unwrap_or_default();
    }
    let rate = get(message, "rate").and_then(|value| value.as_f64()).filter(|rate| *rate > 0.0);
    match (text(message, "quantity").as_deref(), rate) {
        (Some("fp32"), Some(rate)) => findings.measured.fp32 = Some(FlopsPerSecond::new(rate)),
        (Some("fp16"), Some(rate)) => findings.measured.fp16 = Some(FlopsPerSecond::new(rate)),
        (Some("copy"), Some(rate)) => findings.measured.copy = Some(BytesPerSecond::new(rate)),
        _ => {}
    }
    findings.ended = text(message, "ended").or_else(|| findings.ended.take());
}
