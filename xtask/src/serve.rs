//! `cargo xtask serve`: the site on this machine, built again whenever a source changes.

use crate::site::{self, Build};
use anyhow::{Context, Result, anyhow, bail};
use std::fs::File;
use std::path::{Component, Path, PathBuf};
use std::time::Duration;
use tiny_http::{Header, Method, Request, Response, Server, StatusCode};

/// Tried first; the next ones if it is taken.
const PORT: u16 = 8080;
const PORTS_TO_TRY: u16 = 20;

/// `cargo xtask serve [--quick] [--port N]`
pub fn run(arguments: &[String]) -> Result<()> {
    let (kind, port) = read(arguments)?;
    // Of before the build: what is saved while it runs is built next.
    let before = sources();
    let folder = site::build(kind)?;
    let server = listen(port)?;
    let address = server.server_addr().to_ip().context("no address")?;
    println!("\nWhichcard is at http://{address}/\nIt is built again when a source changes; reload the page then. Ctrl+C ends.");
    std::thread::spawn(move || rebuild_on_change(kind, before));
    for request in server.incoming_requests() {
        // A browser that hangs up early is no reason to stop serving.
        let _ = answer(request, &folder);
    }
    Ok(())
}

fn read(arguments: &[String]) -> Result<(Build, Option<u16>)> {
    let mut kind = Build::Small;
    let mut port = None;
    let mut rest = arguments.iter();
    while let Some(argument) = rest.next() {
        match argument.as_str() {
            "--quick" => kind = Build::Quick,
            "--port" => port = Some(rest.next().and_then(|text| text.parse().ok()).context("--port needs a number up to 65535")?),
            unknown => bail!("serve takes no {unknown}"),
        }
    }
    Ok((kind, port))
}

fn listen(port: Option<u16>) -> Result<Server> {
    let wanted = port.map_or(PORT..=PORT + PORTS_TO_TRY, |port| port..=port);
    let mut problem = anyhow!("no port to listen on");
    for port in wanted {
        match Server::http(("127.0.0.1", port)) {
            Ok(server) => return Ok(server),
            Err(error) => problem = anyhow!("port {port}: {error}"),
        }
    }
    Err(problem)
}

/// A mark of what the site is built from.
fn sources() -> Option<String> {
    site::fingerprint([false; 2], None).ok()
}

fn rebuild_on_change(kind: Build, mut seen: Option<String>) {
    loop {
        std::thread::sleep(Duration::from_secs(1));
        let now = sources();
        if now == seen {
            continue;
        }
        seen = now;
        match site::build(kind) {
            Ok(_) => println!("Built again; reload the page."),
            Err(error) => eprintln!("error: {error:#}"),
        }
    }
}

fn answer(request: Request, folder: &Path) -> std::io::Result<()> {
    if !matches!(request.method(), Method::Get | Method::Head) {
        return request.respond(Response::empty(StatusCode(405)));
    }
    let Some(path) = file(folder, request.url()) else {
        return request.respond(Response::from_string("not found").with_status_code(404));
    };
    let Ok(opened) = File::open(&path) else {
        return request.respond(Response::from_string("not found").with_status_code(404));
    };
    let mut response = Response::from_file(opened);
    // A rebuilt file must not be hidden by the browser's copy of the old one.
    for (name, value) in [("Content-Type", content_type(&path)), ("Cache-Control", "no-cache")] {
        if let Ok(header) = Header::from_bytes(name, value) {
            response.add_header(header);
        }
    }
    request.respond(response)
}

/// The file a URL names; none for anything outside the folder.
fn file(folder: &Path, url: &str) -> Option<PathBuf> {
    let path = url.split(['?', '#']).next()?.trim_start_matches('/');
    let inside = Path::new(path).components().all(|part| matches!(part, Component::Normal(_)));
    let whole = if path.is_empty() || path.ends_with('/') { format!("{path}index.html") } else { path.to_owned() };
    let path = folder.join(whole);
    (inside && path.is_file()).then_some(path)
}

fn content_type(path: &Path) -> &'static str {
    match path.extension().and_then(|extension| extension.to_str()).unwrap_or_default() {
        "css" => "text/css; charset=utf-8",
        "csv" => "text/csv; charset=utf-8",
        "html" => "text/html; charset=utf-8",
        "jpg" => "image/jpeg",
        "js" => "text/javascript; charset=utf-8",
        "json" => "application/json",
        "png" => "image/png",
        "svg" => "image/svg+xml",
        "wasm" => "application/wasm",
        "webmanifest" => "application/manifest+json",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn serves_only_what_is_inside() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
        assert_eq!(file(folder, "/Cargo.toml?x=1"), Some(folder.join("Cargo.toml")));
        assert_eq!(file(folder, "/../Cargo.toml"), None);
        assert_eq!(file(folder, "//etc/passwd"), None);
        assert_eq!(file(folder, "/missing.js"), None);
    }

    #[test]
    fn a_folder_answers_with_its_index() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
        assert_eq!(file(folder, "/?lang=en"), Some(folder.join("index.html")));
        assert_eq!(file(folder, "/xtask/"), None);
    }

    #[test]
    fn reads_its_arguments() {
        let words = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
        assert!(matches!(read(&words("--quick --port 9000")), Ok((Build::Quick, Some(9000)))));
        assert!(read(&words("--port many")).is_err());
        assert!(read(&words("--fast")).is_err());
    }
}
