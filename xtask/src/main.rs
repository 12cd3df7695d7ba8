//! `cargo xtask`: the project's development commands.

mod accuracy;
mod address;
mod article;
mod browser;
mod calibrate;
mod catalog;
mod command;
mod detect;
mod divide;
mod glue;
mod hosting;
mod languages;
mod lean;
mod node;
mod opening;
mod package;
mod serve;
mod site;
mod size;
mod stamp;
mod tables;
mod tally;
mod test;
mod texts;
mod tools;
mod trace;

use anyhow::{Result, bail};
use std::process::ExitCode;

/// A command of `cargo xtask`.
struct Verb {
    name: &'static str,
    about: &'static str,
    run: fn(&[String]) -> Result<()>,
}

const VERBS: &[Verb] = &[
    Verb { name: "serve", about: "build the site and serve it on this machine [--quick] [--port N]", run: serve::run },
    Verb { name: "test", about: "everything a change must pass [part ...]", run: test::run },
    Verb { name: "dist", about: "build the folder to put on a web server: dist/", run: site::run },
    Verb { name: "package", about: "build the ES module for npm: target/package/", run: package::run },
    Verb { name: "catalog", about: "check catalog.json and its schema [--write]", run: catalog::run },
    Verb {
        name: "accuracy",
        about: "estimates against published measurements [--check] [--leave-one-source-out] [--document] [--page FILE] [FILE ...]",
        run: accuracy::run,
    },
    Verb { name: "calibrate", about: "refit the factors of memory and time [--write]", run: calibrate::run },
    Verb { name: "size", about: "what a first visit downloads, file by file", run: size::run },
    Verb {
        name: "trace",
        about: "list anew which functions wait for a later part: web/soon.txt, linked.txt, later.txt",
        run: trace::run,
    },
    Verb { name: "detect", about: "score the card detection on a file of renderer strings [FILE]", run: detect::run },
    Verb {
        name: "screenshots",
        about: "pictures of every view in tests/e2e/artifacts/, and those of README, manifest and links",
        run: test::screenshots,
    },
];

fn main() -> ExitCode {
    match dispatch(&std::env::args().skip(1).collect::<Vec<_>>()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn dispatch(arguments: &[String]) -> Result<()> {
    let Some((name, rest)) = arguments.split_first() else {
        list();
        return Ok(());
    };
    if matches!(name.as_str(), "help" | "--help" | "-h") {
        list();
        return Ok(());
    }
    match VERBS.iter().find(|verb| verb.name == name) {
        Some(verb) => (verb.run)(rest),
        None => {
            list();
            bail!("there is no command called {name}")
        }
    }
}

fn list() {
    println!("cargo xtask <command>\n");
    for verb in VERBS {
        println!("  {:<12} {}", verb.name, verb.about);
    }
}
