//! What limits the choice of a card: money, time, power, form, country.

use crate::context::{Env, use_env};
use crate::field::money_unit;
use crate::reading::country_codes;
use crate::widgets::{Menu, NumberField, Section};
use whichcard::card::Form;
use whichcard::plan::Condition;
use whichcard::request::Keyword;
use whichcard::share::Field;
use whichcard::units::Currency;
use yew::prelude::*;

/// Countries the catalogue knows a tariff or an export rule for, as a list.
pub fn countries(env: &Env) -> Vec<(AttrValue, AttrValue)> {
    let codes = country_codes(&env.catalog);
    let named = codes.into_iter().map(|code| (code.to_owned().into(), env.name("country", code).into()));
    named.chain([("any".into(), env.say("app.value.country.any").into())]).collect()
}

/// The country list, on its own because every view has it.
pub fn country_menu(env: &Env) -> Html {
    let default = env.name("country", env.lang.home().1);
    html! { <Menu field={Field::Country} options={countries(env)} {default} hint="app.hint.country" /> }
}

/// The currency list.
pub fn currency_menu(env: &Env) -> Html {
    let options: Vec<(AttrValue, AttrValue)> =
        Currency::NAMES.iter().map(|code| ((*code).into(), env.say(&format!("app.value.currency.{code}")).into())).collect();
    let code = env.reading.request.money.currency.unwrap_or_default().name();
    let default = env.say(&format!("app.value.currency.{code}"));
    html! { <Menu field={Field::Currency} {options} {default} /> }
}

/// New or second-hand cards.
fn condition_menu(env: &Env) -> Html {
    let named = [Condition::New, Condition::Used].map(|one| (one.name().into(), env.name("condition", one.name()).into()));
    html! { <Menu field={Field::Condition} options={named.to_vec()} default={env.name("condition", "any")} /> }
}

/// What the machine that is there has room for; closed until one of its fields holds something.
fn room(none: &str) -> Html {
    const FIELDS: &[Field] = &[Field::Wall, Field::Supply, Field::Slots, Field::MainMemory];
    let fields = [
        (Field::Wall, "app.field.wall", "W", "app.hint.wall"),
        (Field::Supply, "app.field.supply", "W", "app.hint.supply"),
        (Field::Slots, "app.field.slots", "", "app.hint.slots"),
        (Field::MainMemory, "app.field.main-memory", "GB", "app.hint.main-memory"),
    ];
    html! {
        <Section class="room" id="room" title="app.form.room" fields={FIELDS} shows_what_is_set=true>
            <div class="pair">
                { for fields.into_iter().map(|(field, label, unit, hint)| html! {
                    <NumberField key={label} {field} {label} placeholder={none.to_owned()} {unit} {hint} />
                }) }
            </div>
        </Section>
    }
}

#[component]
pub fn LimitsForm() -> Html {
    let env = use_env();
    let none = env.say("app.field.no-limit");
    let forms: Vec<(AttrValue, AttrValue)> =
        Form::NAMES.iter().copied().chain(["any"]).map(|name| (name.into(), env.name("form", name).into())).collect();
    html! {
        <fieldset class="form-part" id="limits">
            <legend>{ env.say("app.form.limits") }</legend>
            <div class="pair">
                <NumberField field={Field::Budget} placeholder={none.clone()} unit={money_unit(&env, Field::Budget)} />
                { currency_menu(&env) }
                <NumberField field={Field::Deadline} placeholder={none.clone()} hint="app.hint.deadline" />
                <NumberField field={Field::Watts} placeholder={none.clone()} unit="W" hint="app.hint.watts" />
                <Menu field={Field::Form} options={forms} default={env.say("app.field.form-usual")} />
                <NumberField field={Field::MostCards} placeholder={env.say("app.field.most-usual")} />
                { country_menu(&env) }
                { condition_menu(&env) }
            </div>
            { room(&none) }
        </fieldset>
    }
}
