//! What fields of the page and their values are called for the question at hand.

use super::context::Env;
use whichcard::request::Keyword;
use whichcard::share::{Field, View};

/// Key of the label of a field for the model at hand: a length is the side of an image where images have one, and so on.
pub fn named(env: &Env, field: Field) -> &'static str {
    let Some(model) = env.reading.held().map(|setup| &setup.model) else { return field.label() };
    match field {
        Field::Sequence if model.sized_by_side() => "app.field.image-side",
        Field::Output if model.denoising.is_some() => "app.field.denoising-steps",
        Field::Tokens if matches!(env.link.view(), View::Scratch | View::Compare) => "app.field.training-tokens",
        Field::Users => whichcard::wording::at_once(model),
        Field::Samples => whichcard::wording::samples(model),
        _ => field.label(),
    }
}

/// What one of the values of a list is called.
pub fn choice(env: &Env, field: Field, value: &str) -> String {
    match field {
        Field::Task => {
            let key = format!("app.task.{value}");
            if whichcard::text::knows(env.lang, &key) { env.say(&key) } else { value.to_owned() }
        }
        Field::Card | Field::Model => env.title_of(field, value),
        _ => env.name(field.names(), value),
    }
}

/// The unit of an amount of money; empty for everything else.
pub fn money_unit(env: &Env, field: Field) -> String {
    let code = env.reading.request.money.currency.unwrap_or_default().name();
    match field {
        Field::Budget | Field::Price => code.to_owned(),
        Field::Rent => format!("{code}/h"),
        Field::Tariff => format!("{code}/kWh"),
        _ => String::new(),
    }
}

/// The field of the page a refused field of the request belongs to.
pub fn of_path(path: &str) -> Field {
    Field::of_path(path).unwrap_or(Field::Model)
}
