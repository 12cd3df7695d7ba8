//! What stands behind `cargo xtask accuracy`.

use super::FILES;
use anyhow::{Context as _, Result, bail};

/// Files and switches.
#[derive(Default)]
pub struct Options {
    files: Vec<String>,
    /// Also fit without each source and score on it.
    pub unseen: bool,
    /// Say what is wrong with the records, and compare nothing.
    pub check: bool,
    /// Write the data of the page there instead of tables.
    pub page: Option<String>,
    /// Write the figures of `docs/accuracy.md` instead of tables.
    pub document: bool,
}

impl Options {
    pub fn read(arguments: &[String]) -> Result<Self> {
        let mut options = Self::default();
        let mut rest = arguments.iter();
        while let Some(argument) = rest.next() {
            match argument.as_str() {
                "--leave-one-source-out" => options.unseen = true,
                "--check" => options.check = true,
                "--document" => options.document = true,
                "--page" => options.page = Some(rest.next().context("--page needs a file")?.clone()),
                switch if switch.starts_with("--") => bail!("there is no switch {switch}"),
                file => options.files.push(file.to_owned()),
            }
        }
        Ok(options)
    }

    /// Whether any are named.
    pub const fn names_files(&self) -> bool {
        !self.files.is_empty()
    }

    /// The files named, or the repository's.
    pub fn files(&self) -> Vec<&str> {
        if self.files.is_empty() { FILES.to_vec() } else { self.files.iter().map(String::as_str).collect() }
    }
}
