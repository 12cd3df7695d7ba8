//! The site as it ships: Trunk's build, then the parts only a finished build can fill in.

use crate::command::{at_root, root, run as run_command};
use crate::tools::Toolbox;
use crate::{address, article, divide, glue, hosting, lean, opening, stamp, tools};
use anyhow::{Context, Result, bail};
use sha2::{Digest, Sha256};
use std::path::{Path, PathBuf};

/// What the site is made from. Anything else may change without a new build.
const SOURCES: &[&str] = &[
    ".cargo/config.toml",
    "Cargo.lock",
    "Cargo.toml",
    "Trunk.toml",
    "app",
    "build",
    "build.rs",
    "catalog.json",
    "docs/article",
    "index.html",
    "locales",
    "src",
    "web",
    "xtask/src",
];

/// Parts of the application that come after the first. What waits for each is listed in `web/`,
/// as a trace found it (`cargo xtask trace`).
pub const LATER: [&str; 3] = ["soon", "linked", "later"];
/// Name of the module before it was divided, and of its script, in `target/`.
pub const WHOLE: &str = "whole";

/// How much time a build may take for a small result.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Build {
    /// As it ships.
    Small,
    /// For looking at a change: unoptimised.
    Quick,
}

/// `cargo xtask dist`
pub fn run(arguments: &[String]) -> Result<()> {
    if let Some(unknown) = arguments.first() {
        bail!("dist takes no {unknown}");
    }
    let folder = build(Build::Small)?;
    println!("The site is in {}", folder.display());
    Ok(())
}

/// Builds the site unless it is there already, and answers its folder.
pub fn build(kind: Build) -> Result<PathBuf> {
    let folder = match kind {
        Build::Small => root().join("dist"),
        Build::Quick => root().join("target").join("quick-site"),
    };
    let toolbox = Toolbox::prepare()?;
    let lean = kind == Build::Small && lean::prepare();
    let address = address::given()?;
    let stamp = fingerprint([lean, kind == Build::Small && toolbox.has_wasm_opt()], address.as_deref())?;
    let note = root().join("target").join(if kind == Build::Small { "site.stamp" } else { "quick-site.stamp" });
    if folder.join("index.html").is_file() && std::fs::read_to_string(&note).is_ok_and(|old| old == stamp) {
        println!("The site is up to date.");
        return Ok(folder);
    }
    let _ = std::fs::remove_file(&note);
    fetch(lean);
    trunk(&toolbox, kind, lean, &folder)?;
    if kind == Build::Small && toolbox.has_wasm_opt() {
        part(&folder)?;
    }
    opening::fill(&folder)?;
    // Before the stamp: the article and the tables are kept for offline use and count for the version.
    article::publish(&folder, address.as_deref())?;
    hosting::tables(&folder)?;
    barely(&folder.join("embed.js"))?;
    stamp::finish(&folder, address.as_deref())?;
    hosting::finish(&folder)?;
    // Cargo may have been told to build elsewhere.
    std::fs::create_dir_all(root().join("target"))?;
    std::fs::write(note, stamp)?;
    Ok(folder)
}

/// Brings what the browser build needs: Trunk itself builds without the network. Without a network, what is here must do.
fn fetch(lean: bool) {
    let mut cargo = at_root("cargo");
    if lean {
        lean::apply(&mut cargo);
    }
    // Cargo asks even for packages that only this machine's own builds would use.
    cargo.args(["fetch", "--locked", "--target", tools::TARGET, "--target", "host-tuple"]);
    let _ = run_command(&mut cargo);
}

fn trunk(toolbox: &Toolbox, kind: Build, lean: bool, folder: &Path) -> Result<()> {
    let mut command = toolbox.trunk()?;
    if lean {
        lean::apply(&mut command);
    }
    command.args(["build", "--offline", "--skip-version-check", "--dist"]).arg(folder);
    match kind {
        Build::Small if toolbox.has_wasm_opt() => command.arg("--release"),
        // Trunk runs wasm-opt in release mode only.
        Build::Small => command.args(["--cargo-profile", "page", "--minify"]),
        Build::Quick => &mut command,
    };
    run_command(&mut command)
}

/// Divides the module of a site that Trunk has just built: later parts are loaded when they are needed. All parts and
/// the script get names of their new contents.
fn part(folder: &Path) -> Result<()> {
    let index = folder.join("index.html");
    let html = std::fs::read_to_string(&index).context("index.html of the build")?;
    let (whole, script) = (named(&html, "first: [\"./")?, named(&html, "import(\"./")?);
    let list = |name: &&str| std::fs::read_to_string(listed(name)).with_context(|| format!("the list of {name}"));
    let lists = LATER.iter().map(list).collect::<Result<Vec<_>>>()?;
    let module = std::fs::read(folder.join(whole))?;
    let parts = divide::divide(&module, &lists.iter().map(String::as_str).collect::<Vec<_>>())?;
    let glue = std::fs::read_to_string(folder.join(script)).context("the script of the build")?;
    let (glue, first) = glue::shorten(&glue, &tidied("whichcard", &parts.first)?)?;
    // As they were, for a trace.
    for (name, ending) in [(whole, "wasm"), (script, "js")] {
        std::fs::rename(folder.join(name), root().join("target").join(WHOLE).with_extension(ending))?;
    }
    let first = kept(folder, "whichcard", "_bg.wasm", &first)?;
    let mut later = Vec::new();
    for (name, part) in LATER.iter().zip(&parts.later) {
        later.push(format!("[\"./{}\", \"\"]", kept(folder, name, "_bg.wasm", &tidied(name, part)?)?));
    }
    let glue = kept(folder, "whichcard", ".js", glue.as_bytes())?;
    let html = html.replace(whole, &first).replace(script, &glue).replace("later: []", &format!("later: [{}]", later.join(", ")));
    std::fs::write(&index, html)?;
    Ok(())
}

/// The list of what waits for a part.
pub fn listed(part: &str) -> PathBuf {
    root().join("web").join(part).with_extension("txt")
}

/// Leaves the remarks out of what other people's pages load.
fn barely(script: &Path) -> Result<()> {
    Ok(std::fs::write(script, glue::bare(&std::fs::read_to_string(script)?))?)
}

/// The name of a file that follows these words.
fn named<'html>(html: &'html str, words: &str) -> Result<&'html str> {
    let (_, rest) = html.split_once(words).context("the build has lost its start")?;
    Ok(rest.split('"').next().unwrap_or_default())
}

/// Removes what nothing calls, puts like beside like, and optimises what stands so: the other way
/// round the order finds less that is alike.
pub fn tidied(name: &str, wasm: &[u8]) -> Result<Vec<u8>> {
    let file = root().join("target").join(format!("{name}.wasm"));
    let optimised = |wasm: &[u8], passes: &[&str]| -> Result<Vec<u8>> {
        std::fs::write(&file, wasm)?;
        run_command(at_root(tools::wasm_opt()?).args(tools::WASM_FEATURES).args(passes).arg(&file).arg("-o").arg(&file))?;
        Ok(std::fs::read(&file)?)
    };
    let used = optimised(wasm, &["--remove-unused-module-elements", "--strip-debug", "--strip-producers"])?;
    let passes = ["--low-memory-unused", "--skip-pass=memory-packing", "--skip-pass=reorder-functions", "-Oz"];
    optimised(&divide::arrange(&used)?, &passes)
}

/// Writes a file under a name of its content.
pub fn kept(folder: &Path, name: &str, ending: &str, content: &[u8]) -> Result<String> {
    let hash: String = stamp::hexadecimal(&Sha256::digest(content)).chars().take(16).collect();
    let name = format!("{name}-{hash}{ending}");
    std::fs::write(folder.join(&name), content)?;
    Ok(name)
}

/// Changes when any source changes: names, sizes and times of all files.
pub fn fingerprint(made: [bool; 2], address: Option<&str>) -> Result<String> {
    let mut digest = Sha256::new();
    digest.update(made.map(u8::from));
    digest.update(address.unwrap_or_default());
    for source in SOURCES {
        add(&mut digest, &root().join(source))?;
    }
    Ok(stamp::hexadecimal(&digest.finalize()))
}

fn add(digest: &mut Sha256, path: &Path) -> Result<()> {
    let Ok(about) = std::fs::metadata(path) else {
        return Ok(());
    };
    if about.is_dir() {
        let mut inside = std::fs::read_dir(path)?.map(|entry| Ok(entry?.path())).collect::<Result<Vec<_>>>()?;
        inside.sort();
        return inside.iter().try_for_each(|path| add(digest, path));
    }
    digest.update(path.to_string_lossy().as_bytes());
    let modified = about.modified()?.duration_since(std::time::UNIX_EPOCH).context("a file older than 1970")?;
    digest.update(modified.as_nanos().to_le_bytes());
    digest.update(about.len().to_le_bytes());
    Ok(())
}
