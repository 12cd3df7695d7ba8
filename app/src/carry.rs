//! Text leaves the page: into the clipboard, a file, or onto paper. Nothing here is called while rendering.

use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, Document, Element, HtmlAnchorElement, HtmlDocument, HtmlElement, HtmlInputElement, Node, NodeList, Url};
use whichcard::export::TableForm;

/// Milliseconds until a saved text has surely been read.
const READ: u32 = 10_000;

fn document() -> Option<Document> {
    web_sys::window()?.document()
}

/// Copies a text. Browsers give the clipboard to secure pages only, and may ask: where they refuse, the element that shows the text
/// is selected, and the old command may still copy it. Answers whether it was copied.
pub async fn copy(text: String, shown_in: &str) -> bool {
    write(&text).await || copy_selected(shown_in).unwrap_or(false)
}

/// Writes a text into the clipboard, if the browser lets the page.
pub async fn write(text: &str) -> bool {
    let Some(window) = web_sys::window() else { return false };
    let clipboard = window.navigator().clipboard();
    // Pages without HTTPS have none, whatever the type says.
    !clipboard.is_undefined() && JsFuture::from(clipboard.write_text(text)).await.is_ok()
}

/// A table as text.
pub fn table(rows: &[Vec<String>], form: TableForm) -> String {
    whichcard::export::table(rows, form)
}

/// The cells of a table of the page, row by row: each a value and what qualifies it; rows that only hold what is opened are left
/// out.
pub fn cells(id: &str) -> Vec<Vec<Vec<String>>> {
    let Some(table) = document().and_then(|document| document.get_element_by_id(id)) else { return Vec::new() };
    let all = |within: &Element, what: &str| {
        let list = within.query_selector_all(what).ok();
        let length = list.as_ref().map_or(0, NodeList::length);
        (0..length).filter_map(|place| list.as_ref()?.get(place)?.dyn_into::<HtmlElement>().ok()).collect::<Vec<_>>()
    };
    let cells = |row: HtmlElement| all(&row, "th, td:not([colspan])").into_iter().map(|cell| parts(&cell)).collect::<Vec<_>>();
    all(&table, "tr").into_iter().map(cells).filter(|row| row.iter().flatten().any(|part| !part.is_empty())).collect()
}

/// The words of a cell as they are read, with spaces between them, and apart from them those below; not what explains a word, or
/// marks what supports a number.
fn parts(node: &Node) -> Vec<String> {
    let matches = |node: &Node, what| node.dyn_ref::<Element>().is_some_and(|element| element.matches(what).unwrap_or(false));
    if matches(node, ".term, .weak, [hidden]") {
        return vec![String::new()];
    }
    let (mut own, mut below) = (node.node_value().into_iter().collect::<Vec<_>>(), Vec::new());
    let children = node.child_nodes();
    for child in (0..children.length()).filter_map(|place| children.get(place)) {
        let mut of_child = parts(&child);
        if !matches(&child, ".quiet, .apart") {
            own.push(of_child.remove(0));
        }
        below.extend(of_child.into_iter().filter(|part| !part.is_empty()));
    }
    let own = own.join(" ").split_whitespace().collect::<Vec<_>>().join(" ");
    std::iter::once(own).chain(below).collect()
}

fn copy_selected(id: &str) -> Option<bool> {
    let document = document()?;
    let shown = document.get_element_by_id(id)?;
    match shown.dyn_ref::<HtmlInputElement>() {
        Some(input) => input.select(),
        None => web_sys::window()?.get_selection().ok()??.select_all_children(&shown).ok()?,
    }
    document.dyn_into::<HtmlDocument>().ok()?.exec_command("copy").ok()
}

/// Saves a text as a file of the visitor's.
pub fn save(name: &str, text: &str) {
    // Without a document or room for the text there is nothing to save, and nothing to say that the browser would not.
    let _ = try_save(name, text);
}

fn try_save(name: &str, text: &str) -> Option<()> {
    let parts = js_sys::Array::of1(&text.into());
    let blob = Blob::new_with_str_sequence(&parts).ok()?;
    let address = Url::create_object_url_with_blob(&blob).ok()?;
    let link: HtmlAnchorElement = document()?.create_element("a").ok()?.dyn_into().ok()?;
    link.set_href(&address);
    link.set_download(name);
    link.click();
    // Some browsers read the text only after the click has been dealt with.
    gloo_timers::callback::Timeout::new(READ, move || drop(Url::revoke_object_url(&address))).forget();
    Some(())
}

/// Opens the browser's print dialogue.
pub fn print() {
    if let Some(window) = web_sys::window() {
        drop(window.print());
    }
}

/// An SVG as the address of an image.
pub fn as_image(svg: &str) -> String {
    format!("data:image/svg+xml,{}", String::from(js_sys::encode_uri_component(svg)))
}

/// The folder this page lies in.
pub fn folder() -> String {
    let page = address("");
    page.rsplit_once('/').map_or_else(String::new, |(folder, _)| format!("{folder}/"))
}

/// The address of a query of this page.
pub fn address(query: &str) -> String {
    let location = web_sys::window().map(|window| window.location());
    let part = |part: fn(&web_sys::Location) -> Result<String, wasm_bindgen::JsValue>| {
        location.as_ref().and_then(|location| part(location).ok()).unwrap_or_default()
    };
    format!("{}{}?{query}", part(web_sys::Location::origin), part(web_sys::Location::pathname))
}

#[cfg(all(test, target_arch = "wasm32"))]
mod tests {
    use super::*;
    use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

    wasm_bindgen_test_configure!(run_in_browser);

    #[wasm_bindgen_test]
    fn an_address_can_be_pasted_elsewhere() {
        let address = address("v=1&view=inspect");
        assert!(address.starts_with("http") && address.ends_with("?v=1&view=inspect"), "{address}");
    }

    #[wasm_bindgen_test]
    fn a_table_is_read_without_its_furniture() {
        let document = document().unwrap();
        let table = document.create_element("table").unwrap();
        table.set_id("read");
        table.set_inner_html("<tr><th>Stored weights<span class='term'><button>?</button></span></th><td><span>0.5 Wh</span><b>more</b><span class='quiet'>×1.9</span><i hidden>no</i></td></tr>");
        document.body().unwrap().append_child(&table).unwrap();
        assert_eq!(cells("read"), [[vec!["Stored weights"], vec!["0.5 Wh more", "×1.9"]]]);
        table.remove();
    }

    #[wasm_bindgen_test]
    async fn what_cannot_be_copied_is_selected() {
        let document = document().unwrap();
        let shown = document.create_element("pre").unwrap();
        shown.set_id("shown");
        shown.set_text_content(Some("llama"));
        document.body().unwrap().append_child(&shown).unwrap();
        let _ = copy_selected("shown");
        assert_eq!(web_sys::window().unwrap().get_selection().unwrap().unwrap().to_string(), "llama");
        assert_eq!(copy_selected("nothing of that name"), None);
        shown.remove();
    }
}
