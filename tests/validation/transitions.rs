//! Rule 4: decisions are made once.

use super::submit::submit;
use crate::support::{World, fixtures::member, json};
use dossier_domain::validation::next;
use entities::{
    validation_request::Status::{self, Approved, Cancelled, ChangesRequested, Pending, Rejected},
    validation_step::Action,
};
use proptest::{prelude::*, strategy::ValueTree, test_runner::TestRunner};
use sea_orm::{ActiveEnum, Iterable};

/// The transitions, as in the domain.
const WAYS: [(Status, Status); 6] = [
    (Pending, Approved),
    (Pending, Rejected),
    (Pending, ChangesRequested),
    (Pending, Cancelled),
    (ChangesRequested, Pending),
    (ChangesRequested, Cancelled),
];

#[test]
fn only_the_domains_transitions_are_possible() {
    let mut found = Vec::new();
    for from in Status::iter() {
        let ways = Action::iter().filter_map(|step| next(from, step)).filter(|to| *to != from);
        found.extend(ways.map(|to| (from, to)));
    }
    assert_eq!(found.len(), WAYS.len(), "one step for each way");
    assert!(WAYS.iter().all(|way| found.contains(way)), "{found:?}");
}

fn steps() -> impl Strategy<Value = Vec<Action>> {
    prop::collection::vec(prop::sample::select(Action::iter().collect::<Vec<_>>()), 1..40)
}

proptest! {
    #[test]
    fn decisions_are_final(steps in steps()) {
        let mut status = Pending;
        for step in steps {
            let to = next(status, step).unwrap_or(status);
            if matches!(status, Approved | Rejected | Cancelled) {
                prop_assert_eq!(to, status);
            }
            prop_assert!(to == status || WAYS.contains(&(status, to)));
            status = to;
        }
    }
}

/// Returns the mutation of a step. Submitting creates a request and is not a step, and a job replaces versions.
fn mutation(step: Action) -> Option<&'static str> {
    match step {
        Action::Submitted | Action::VersionReplaced => None,
        Action::DueDateSet => Some("setValidationRequestDueDate"),
        Action::Resubmitted => Some("resubmitValidationRequest"),
        Action::Shared => Some("shareValidationRequest"),
        Action::Assigned => Some("assignValidationRequest"),
        Action::Approved => Some("approveValidationRequest"),
        Action::Rejected => Some("rejectValidationRequest"),
        Action::ChangesRequested => Some("requestChanges"),
        Action::Cancelled => Some("cancelValidationRequest"),
    }
}

#[tokio::test]
async fn the_api_allows_these_transitions_and_records_each_step() {
    let world = World::new().await;
    let members = [member(&world.owner, "owner").await, member(&world.owner, "operator").await];
    let mut random = TestRunner::deterministic();
    for _ in 0..12 {
        let stream = steps().new_tree(&mut random).unwrap().current();
        let id = submit(&world.operator, &world.martin_id, "Brief").await;
        let (mut status, mut internal, mut history) = (Pending, true, vec![Action::Submitted.to_value()]);
        for (nth, step) in stream.into_iter().enumerate() {
            let Some(name) = mutation(step) else { continue };
            let mut input = json!({ "id": id });
            match step {
                Action::Rejected | Action::ChangesRequested => input["reason"] = json!("parce que"),
                // Another member each time, because assigning to the same one is not a step.
                Action::Assigned => {
                    input["assigneeId"] = if nth % 3 == 0 { json!(null) } else { json!(members[nth % 3 - 1]) }
                }
                // Another day each time, because setting the same one is not a step.
                Action::DueDateSet => input["dueOn"] = json!(format!("2031-01-{:02}", nth % 28 + 1)),
                _ => {}
            }
            let selection = "validationRequest { status internal revision history(first: 100) { nodes { action } } }";
            let payload = world.operator.mutate(name, input, selection).await;
            let Some(to) = next(status, step).filter(|_| step != Action::Shared || internal) else {
                assert_eq!(payload["userErrors"][0]["code"], "CONFLICT", "{status:?} {step:?}: {payload:#}");
                continue;
            };
            let request = &payload["validationRequest"];
            assert_eq!(payload["userErrors"], json!([]), "{status:?} {step:?}");
            internal &= step != Action::Shared;
            status = to;
            let kept: Vec<_> = request["history"]["nodes"].as_array().unwrap().iter().collect();
            if kept.len() > history.len() {
                history.push(step.to_value());
            } else {
                assert!(matches!(step, Action::Assigned | Action::DueDateSet), "{step:?}");
            }
            let kept: Vec<_> = kept.into_iter().map(|step| step["action"].as_str().unwrap()).collect();
            assert_eq!(kept, history);
            assert_eq!(request["status"], status.to_value());
            assert_eq!(request["internal"], internal);
            assert_eq!(request["revision"], history.len());
        }
    }
}
