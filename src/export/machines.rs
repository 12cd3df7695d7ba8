//! Plans that fill more than one machine: the same file runs on each of them.

use super::Format;
use super::sheet::{Sheet, Value};
use super::terms;
use crate::request::Setup;

/// What stands where the address of the first machine belongs.
pub(super) const MAIN_ADDRESS: &str = "address-of-the-first-machine";

/// Where the machines meet: PyTorch's usual port.
pub(super) const PORT: u64 = 29_500;

/// The variables of a script that runs on several machines.
pub(super) fn variables(sheet: &mut Sheet) {
    let machines = sheet.setup.rig.machines();
    if machines > 1 {
        sheet.raw("NODE_RANK=0");
        sheet.raw(format!("MAIN_ADDRESS={MAIN_ADDRESS}"));
        sheet.note("machines", &[("count", &machines.to_string())]);
    }
}

/// What torchrun is told about machines and cards.
pub(super) fn torchrun(sheet: &Sheet) -> String {
    let machines = sheet.setup.rig.machines();
    let cards = sheet.setup.rig.count.div_ceil(machines);
    if machines == 1 {
        return format!("--nproc_per_node {cards}");
    }
    format!(
        "--nnodes {machines} --nproc_per_node {cards} --node_rank \"$NODE_RANK\" --master_addr \"$MAIN_ADDRESS\" --master_port {PORT}"
    )
}

/// The same where no script has variables: alike on all machines.
pub(super) fn torchrun_alike(setup: &Setup) -> String {
    let machines = setup.rig.machines();
    let cards = setup.rig.count.div_ceil(machines);
    if machines == 1 {
        return format!("--nproc_per_node {cards}");
    }
    let meeting = format!("--rdzv_id 1 --rdzv_backend c10d --rdzv_endpoint {MAIN_ADDRESS}:{PORT}");
    format!("--nnodes {machines} --nproc_per_node {cards} {meeting}")
}

/// Says how something is run, and that it is so on every machine.
pub(super) fn run(sheet: &mut Sheet, command: &str) {
    sheet.note("run", &[("command", command)]);
    let machines = sheet.setup.rig.machines();
    if machines > 1 {
        sheet.note("machines-same", &[("count", &machines.to_string())]);
    }
}

/// The same in a program's own options.
pub(super) fn options(sheet: &mut Sheet) {
    let machines = sheet.setup.rig.machines();
    if machines > 1 {
        sheet.set("nnodes", machines);
        sheet.set("node-rank", Value::Code("\"$NODE_RANK\""));
        sheet.set("master-addr", Value::Code("\"$MAIN_ADDRESS\""));
    }
}

/// How a Python script of the plan is started.
pub(super) fn run_script(sheet: &mut Sheet, script: Format) {
    let name = script.file_name();
    let command = if terms::distributed(sheet.setup) {
        format!("accelerate launch --config_file {} {name}", Format::Accelerate.file_name())
    } else {
        format!("python {name}")
    };
    sheet.note("run", &[("command", &command)]);
}
