//! Everything the page asks of the browser. Nothing here is called while rendering.

use super::address;
use gloo_events::{EventListener, EventListenerOptions};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    Document, Element, Event, HtmlElement, HtmlIFrameElement, HtmlInputElement, KeyboardEvent, MessageEvent, ResizeObserver,
    Response, Storage, Window,
};
use whichcard::text::Lang;

fn window() -> Option<Window> {
    web_sys::window()
}

fn document() -> Option<Document> {
    window()?.document()
}

fn root() -> Option<Element> {
    document()?.document_element()
}

#[wasm_bindgen]
extern "C" {
    /// Puts the drawn application in the place of the opening page, with all that was typed there (`web/early-input.js`).
    #[wasm_bindgen(js_name = takeOver)]
    pub fn take_over(drawn: &Element);
}

/// A place to draw in that is not in the document yet.
pub fn place_apart() -> Option<Element> {
    document()?.create_element("div").ok()
}

/// The opening page, if it is in this language.
pub fn built_page(lang: Lang) -> Option<Element> {
    let page = document()?.query_selector("#app > .first-paint > .page").ok()??;
    (root()?.get_attribute("lang").as_deref() == Some(lang.tag())).then_some(page)
}

/// A copy of a part of it, by its selector.
pub fn built_part(page: &Element, part: &str) -> Option<Element> {
    let copy: Element = page.query_selector(part).ok()??.clone_node_with_deep(true).ok()?.dyn_into().ok()?;
    copy.set_attribute("data-built", "").ok()?;
    Some(copy)
}

/// Whether the page was loaded anew or returned to, and not by a link (`web/early.js`).
pub fn is_reloaded() -> bool {
    root().is_some_and(|root| root.has_attribute("data-again"))
}

/// Calls back when the application is to draw what was built.
pub fn on_used(built: &Element, call: impl FnOnce() + 'static) -> EventListener {
    EventListener::once(built, "whichcard:used", move |_| call())
}

/// Calls back when a key is pressed alone, outside fields that take text.
pub fn on_key(key: &'static str, call: impl Fn() + 'static) -> Option<EventListener> {
    on_pressed(move |pressed| pressed.key() == key && !(pressed.ctrl_key() || pressed.meta_key() || pressed.alt_key()), call)
}

/// Calls back on Ctrl+Z (⌘Z on a Mac), outside fields that take text: in those the browser takes letters back.
pub fn on_undo(call: impl Fn() + 'static) -> Option<EventListener> {
    let undoes =
        |pressed: &KeyboardEvent| (pressed.ctrl_key() || pressed.meta_key()) && !(pressed.shift_key() || pressed.alt_key());
    on_pressed(move |pressed| undoes(pressed) && pressed.key().eq_ignore_ascii_case("z"), call)
}

/// Calls back when a key that is asked for is pressed outside fields that take text.
fn on_pressed(asked: impl Fn(&KeyboardEvent) -> bool + 'static, call: impl Fn() + 'static) -> Option<EventListener> {
    let options = EventListenerOptions::enable_prevent_default();
    Some(EventListener::new_with_options(&document()?.into(), "keydown", options, move |event| {
        let Some(pressed) = event.dyn_ref::<KeyboardEvent>() else { return };
        let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        let types = target.is_some_and(|target| {
            let text = target
                .matches("input:not([type=radio]):not([type=checkbox]):not([type=range]), textarea, select, [contenteditable]");
            text.unwrap_or(false)
        });
        if asked(pressed) && !types {
            event.prevent_default();
            call();
        }
    }))
}

/// Puts the caret into what is searched in this view: its tables, what is added to a comparison, else the first list of the form.
pub fn focus_search() {
    let there = |what: &&str| document().and_then(|document| document.query_selector(what).ok()?).is_some();
    let places = ["#find", ".adding input[role=combobox]", "#question-form input[role=combobox]"];
    if let Some(place) = places.into_iter().find(there) {
        focus_field(place);
    }
}

/// Puts the caret into a field; where it is folded away, unfolds it first.
pub fn focus_field(what: &str) {
    let find = |what: &str| document()?.query_selector(what).ok()??.dyn_into::<HtmlElement>().ok();
    let Some(field) = find(what) else { return };
    if let Some(folded) = field.closest("details").ok().flatten() {
        drop(folded.set_attribute("open", ""));
    }
    if field.offset_parent().is_none()
        && let Some(fold) = find(".fold")
    {
        fold.click();
    }
    // The form is there once it has been drawn.
    focus_drawn(field);
}

/// Puts the caret into a field that is about to be drawn.
pub fn focus_soon(what: &str) {
    let what = what.to_owned();
    gloo_timers::callback::Timeout::new(0, move || {
        if let Some(field) = document().and_then(|document| document.query_selector(&what).ok()?) {
            focus_drawn(field.unchecked_into());
        }
    })
    .forget();
}

/// Follows a link that is about to be drawn: at once, or when the part of the program that draws it has come.
pub fn follow_soon(what: &str) {
    /// Looks, and milliseconds between them: a visitor who waited for longer has turned to something else.
    const LOOKS: (u32, u32) = (200, 50);
    let what = what.to_owned();
    wasm_bindgen_futures::spawn_local(async move {
        gloo_timers::future::TimeoutFuture::new(0).await;
        for _ in 0..LOOKS.0 {
            if let Some(link) = document().and_then(|document| document.query_selector(&what).ok()?) {
                link.unchecked_into::<HtmlElement>().click();
                return;
            }
            gloo_timers::future::TimeoutFuture::new(LOOKS.1).await;
        }
    });
}

fn focus_drawn(field: HtmlElement) {
    gloo_timers::callback::Timeout::new(0, move || {
        drop(field.focus());
        if let Some(input) = field.dyn_ref::<HtmlInputElement>() {
            input.select();
            // A list to search opens as under a finger.
            if input.get_attribute("role").as_deref() == Some("combobox") {
                input.click();
            }
        }
    })
    .forget();
}

/// Puts the focus on the element of that id.
pub fn focus_id(id: &str) {
    if let Some(element) = document().and_then(|document| document.get_element_by_id(id)) {
        // An element of a drawing takes the focus too, but is no HTML element.
        drop(element.unchecked_into::<HtmlElement>().focus());
    }
}

/// What was opened from elsewhere on the page.
const LED: &str = "data-led";

/// Opens the details of that id and goes to them; as a step of its own, Back closes them and returns to where the visitor came from.
pub fn open_details(id: &str, is_step: bool) {
    let Some(details) = document().and_then(|document| document.get_element_by_id(id)) else { return };
    if is_step && led().is_none() {
        address::push(&format!("{}#{id}", address::query()));
    }
    for name in ["open", LED] {
        drop(details.set_attribute(name, ""));
    }
    if let Some(summary) = details.first_element_child() {
        drop(summary.unchecked_into::<HtmlElement>().focus());
    }
    details.scroll_into_view();
}

fn led() -> Option<Element> {
    document()?.query_selector(&format!("details[{LED}]")).ok()?
}

/// Closes again what was opened from elsewhere.
pub fn fold_led() {
    while let Some(details) = led() {
        for name in ["open", LED] {
            drop(details.remove_attribute(name));
        }
    }
}

/// Brings the element of that id into sight, once it has been drawn.
pub fn show_id(id: &str) {
    show(id, |_| true);
}

/// The same, where it begins above what is in sight.
pub fn show_from_top(id: &str) {
    show(id, |element| element.get_bounding_client_rect().top() < 0.0);
}

fn show(id: &str, wanted: fn(&Element) -> bool) {
    let id = id.to_owned();
    gloo_timers::callback::Timeout::new(0, move || {
        if let Some(element) = document().and_then(|document| document.get_element_by_id(&id)).filter(wanted) {
            element.scroll_into_view();
        }
    })
    .forget();
}

/// The first of the browser's languages that the page speaks.
pub fn language() -> Lang {
    let Some(window) = window() else { return Lang::default() };
    let tags = window.navigator().languages();
    tags.iter().filter_map(|tag| tag.as_string()).find_map(|tag| Lang::from_tag(&tag)).unwrap_or_default()
}

/// Tells the document its language, title, theme and the forms it takes.
pub fn describe(lang: Lang, title: Option<&str>, theme: &str, forms: &[(&str, bool)]) {
    if let Some((document, title)) = document().zip(title) {
        document.set_title(title);
    }
    if let Some(root) = root() {
        drop(root.set_attribute("lang", lang.tag()));
        drop(root.set_attribute("data-theme", theme));
        for (form, taken) in forms {
            drop(root.toggle_attribute_with_force(form, *taken));
        }
    }
}

fn storage() -> Option<Storage> {
    window()?.local_storage().ok()?
}

/// A preference kept in this browser.
pub fn kept(key: &str) -> Option<String> {
    storage()?.get_item(key).ok()?
}

/// Keeps a preference, where the browser allows it; answers whether it did.
pub fn keep(key: &str, value: &str) -> bool {
    storage().is_some_and(|storage| storage.set_item(key, value).is_ok())
}

/// Calls back when another tab keeps something.
pub fn on_kept_elsewhere(call: impl Fn() + 'static) -> Option<EventListener> {
    Some(EventListener::new(&window()?.into(), "storage", move |_| call()))
}

/// Forgets a preference.
pub fn forget(key: &str) {
    if let Some(storage) = storage() {
        drop(storage.remove_item(key));
    }
}

/// Fetches a text of the same site.
pub async fn fetch(address: &str) -> Result<String, String> {
    let failed =
        |error: JsValue| error.as_string().or_else(|| Some(String::from(js_sys::Error::from(error).message()))).unwrap_or_default();
    let window = window().ok_or_else(String::new)?;
    let response: Response = JsFuture::from(window.fetch_with_str(address)).await.map_err(failed)?.dyn_into().map_err(failed)?;
    if !response.ok() {
        return Err(format!("HTTP {}", response.status()));
    }
    let text = JsFuture::from(response.text().map_err(failed)?).await.map_err(failed)?;
    Ok(text.as_string().unwrap_or_default())
}

/// Reports the height of the page to the page it is embedded in: a bare number, now and whenever it changes.
pub fn report_height() -> Option<HeightReport> {
    let body = document()?.body()?;
    let measured = body.clone();
    let report = Closure::<dyn FnMut()>::new(move || post_height(&measured));
    let observer = ResizeObserver::new(report.as_ref().unchecked_ref()).ok()?;
    observer.observe(&body);
    Some(HeightReport { observer, _report: report })
}

fn post_height(body: &HtmlElement) {
    let Some(window) = window() else { return };
    let parent = window.parent().ok().flatten().filter(|parent| *parent != window);
    if let Some(parent) = parent {
        // A height is no secret, so any parent may read it.
        drop(parent.post_message(&JsValue::from_f64(f64::from(body.offset_height())), "*"));
    }
}

/// Keeps reporting until it is dropped.
pub struct HeightReport {
    observer: ResizeObserver,
    _report: Closure<dyn FnMut()>,
}

impl Drop for HeightReport {
    fn drop(&mut self) {
        self.observer.disconnect();
    }
}

/// Shows another question in a frame of this page, without a request: as if its address had been travelled to.
pub fn show_in_frame(frame: &HtmlIFrameElement, query: &str) {
    let Some(inside) = frame.content_window() else { return };
    let address = format!("?{query}");
    // A frame that is still empty has no address to change; it is shown the question once it has loaded.
    let put = inside.history().and_then(|history| history.replace_state_with_url(&JsValue::NULL, "", Some(&address)));
    if let (Ok(()), Ok(event)) = (put, Event::new("popstate")) {
        drop(inside.dispatch_event(&event));
    }
}

/// Calls back with the height in pixels that a frame of this page tells.
pub fn on_frame_height(frame: HtmlIFrameElement, call: impl Fn(u32) + 'static) -> Option<EventListener> {
    Some(EventListener::new(&window()?.into(), "message", move |event| {
        let Some(message) = event.dyn_ref::<MessageEvent>() else { return };
        let inside = frame.content_window().map(JsValue::from);
        let ours = inside.is_some() && message.source().map(JsValue::from) == inside;
        if let Some(height) = message.data().as_f64().filter(|height| ours && *height >= 1.0) {
            call(pixels(height));
        }
    }))
}

/// How tall what a frame of our own shows is at other widths, after which it has its own again.
pub fn heights_of_frame(frame: &HtmlIFrameElement, widths: [u32; 5]) -> Option<[u32; 5]> {
    let body = frame.content_document()?.body()?;
    let style = frame.style();
    let heights = widths.map(|width| {
        drop(style.set_property("width", &format!("{width}px")));
        u32::try_from(body.offset_height()).unwrap_or_default()
    });
    drop(style.remove_property("width"));
    Some(heights)
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a height on a screen, saturated at both ends")]
const fn pixels(height: f64) -> u32 {
    height as u32
}

/// Shows the card for what must never happen, with what is known about it.
pub fn show_crash(report: &str) {
    let Some(document) = document() else { return };
    if let Some(text) = document.get_element_by_id("crash-report") {
        text.set_text_content(Some(report));
    }
    if let Some(card) = document.get_element_by_id("crash") {
        drop(card.remove_attribute("hidden"));
    }
}

#[cfg(all(test, target_arch = "wasm32"))]
mod tests {
    use super::*;
    use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

    wasm_bindgen_test_configure!(run_in_browser);

    #[wasm_bindgen_test]
    fn a_preference_is_kept() {
        assert_eq!(kept("no such preference"), None);
        keep("lang", "zh-CN");
        assert_eq!(kept("lang").as_deref(), Some("zh-CN"));
    }

    #[wasm_bindgen_test]
    fn the_document_is_told_language_title_theme_and_form() {
        describe(Lang::ZhCn, Some("标题"), "dark", &[("data-embed", true)]);
        let root = root().unwrap();
        assert_eq!(document().unwrap().title(), "标题");
        assert_eq!(root.get_attribute("lang").as_deref(), Some("zh-CN"));
        assert_eq!(root.get_attribute("data-theme").as_deref(), Some("dark"));
        assert!(root.has_attribute("data-embed"));
        describe(Lang::default(), Some("Title"), "system", &[("data-embed", false)]);
        assert!(!root.has_attribute("data-embed"));
    }

    #[wasm_bindgen_test]
    async fn a_missing_file_is_an_error_with_its_status() {
        assert_eq!(fetch("./no-such-file.json").await, Err("HTTP 404".to_owned()));
    }
}
