//! A plan to take away: files for the programs that run it, and reports.

use crate::catalog::Catalog;
use crate::document::record;
use crate::error::RequestError;
use crate::estimate::estimate;
use crate::export::{Export, Format, Lack, export, formats, left_out};
use crate::request::{Keyword, Request, resolve};
use crate::text::Lang;
use crate::wording::name;
use serde::Serialize;

/// How files are written.
#[derive(Clone, Debug, Default)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), serde(rename_all = "camelCase", deny_unknown_fields))]
pub struct FileTerms {
    /// Language of the report and of remarks. Default: English.
    pub lang: Option<Lang>,
}

record!(FileTerms { lang });

/// A plan as files.
#[derive(Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Files {
    /// Every file that makes sense for the plan: those of the software it was estimated for first, reports and tables last.
    files: Vec<PlanFile>,
    /// Programs that one may look for in vain.
    left_out: Vec<LeftOut>,
}

/// A file that a plan can be taken away in.
#[derive(Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct PlanFile {
    /// What it is for.
    format: Format,
    /// Name of that to show.
    title: String,
    /// The program, with the version whose documentation its settings were read in; `null` for reports and tables.
    program: Option<&'static str>,
    /// Name to save it under.
    name: &'static str,
    /// Media type to save it as.
    media_type: &'static str,
    /// Language for highlighting.
    language: &'static str,
    /// What is in it.
    text: String,
    /// What a reader should know, and what of the plan the program has no setting for; repeated as comments where the file can hold
    /// them.
    notes: Vec<String>,
}

/// A program that has no file for a plan.
#[derive(Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct LeftOut {
    /// The program.
    format: Format,
    /// What of the plan it does not have.
    lacks: Lack,
    /// Why it has no file, as a sentence.
    message: String,
}

/// A request with the recipe it asks for as files.
///
/// # Errors
/// Whatever [`resolve`] refuses.
pub fn files(catalog: &Catalog, request: &Request, terms: &FileTerms) -> Result<Files, RequestError> {
    let lang = terms.lang.unwrap_or_default();
    let setup = resolve(catalog, request)?;
    let estimate = estimate(catalog, request)?;
    let file = |format: Format| {
        let written = export(format, &setup, &estimate, lang, None);
        let media_type = written.media_type();
        let Export { file_name, language, text, notes } = written;
        PlanFile {
            format,
            title: name(lang, "format", format.name()),
            program: format.program(),
            name: file_name,
            media_type,
            language,
            text,
            notes,
        }
    };
    let absent = |(format, lacks): (Format, Lack)| LeftOut { format, lacks, message: lacks.say(lang, format, &setup) };
    Ok(Files {
        files: formats(&setup).into_iter().map(file).collect(),
        left_out: left_out(&setup).into_iter().map(absent).collect(),
    })
}
