//! The picture as a table: every measurement, the largest error first.

use super::Selection;
use super::data::Comparison;
use super::facet::Facet;
use super::summary::signed;
use crate::context::use_env;
use std::rc::Rc;
use yew::prelude::*;

/// Rows shown before the visitor asks for more.
const FIRST: usize = 20;
/// Rows each further wish adds.
const MORE: usize = 100;

#[derive(Properties, PartialEq)]
pub struct ListedProps {
    pub selection: Rc<Selection>,
}

#[component]
pub fn Listed(props: &ListedProps) -> Html {
    let env = use_env();
    let shown = use_state(|| FIRST);
    let selection = &props.selection;
    let mut rows: Vec<(f64, &Comparison)> = selection.comparisons().map(|one| (one.error().abs(), one)).collect();
    rows.sort_by(|a, b| b.0.total_cmp(&a.0));
    let left = rows.len().saturating_sub(*shown);
    let more = {
        let shown = shown.clone();
        Callback::from(move |_: MouseEvent| shown.set(*shown + MORE))
    };
    let columns = ["what", "measured", "predicted", "error", "source"];
    html! {
        <section class="groups">
            <h2>{ env.say("app.accuracy.list") }</h2>
            <p class="quiet">{ env.say("app.accuracy.list-about") }</p>
            <div class="scroll" tabindex="0" role="region" aria-label={env.say("app.accuracy.list")}>
                <table class="ledger" id="measurements">
                    <thead><tr>
                        { for columns.iter().map(|name| html! {
                            <th key={*name} scope="col" class={(!matches!(*name, "what" | "source")).then_some("number")}>
                                { env.say(&format!("app.accuracy.row.{name}")) }</th>
                        }) }
                    </tr></thead>
                    <tbody>
                        { for rows.iter().take(*shown).enumerate().map(|(place, (_, one))| {
                            let (title, address) = selection.data.sources.get(one.source).cloned().unwrap_or_default();
                            html! {
                                <tr key={place}>
                                    <th scope="row">{ selection.title(&env, one) }
                                        <span class="quiet">
                                            { Facet::Quantity.name(&env, Facet::Quantity.of(&env, &selection.data, one)) }
                                        </span></th>
                                    <td class="number">{ selection.value(&env, one, one.measured) }</td>
                                    <td class="number">{ selection.value(&env, one, one.predicted) }</td>
                                    <td class="number">{ signed(one.error()) }</td>
                                    <td><a href={address}>{ title }</a></td>
                                </tr>
                            }
                        }) }
                    </tbody>
                </table>
            </div>
            <p hidden={left == 0}>
                <button type="button" onclick={more}>{ env.fill("app.accuracy.more", &[("n", &left.to_string())]) }</button>
            </p>
        </section>
    }
}
