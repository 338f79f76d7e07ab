//! Generates validation requests in every state, with their history.

use super::{
    people::Person,
    story::Story,
    words::{APPROVALS, OBJECTIONS, REQUESTS, WITHDRAWALS},
};
use chrono::{DateTime, NaiveDate, Utc};
use dossier_core::viewer::Actor;
use entities::{
    document,
    event::{ActorKind, Kind},
    validation_comment as comment,
    validation_request::{Model, Status},
    validation_step::{self as step, Action},
    validation_version as part,
};

/// The steps after submission. They are used in turn, so that each state occurs.
const LIVES: &[&[Action]] = &[
    &[],
    &[Action::Assigned, Action::Approved],
    &[Action::ChangesRequested],
    &[Action::Shared, Action::Rejected],
    &[Action::Cancelled],
    &[Action::ChangesRequested, Action::Resubmitted, Action::Assigned, Action::Approved],
    &[Action::Assigned],
];

impl Story<'_> {
    pub(super) fn requests(&mut self, count: u32) {
        for number in 0..count {
            let life = LIVES[(self.turn as usize + number as usize) % LIVES.len()];
            let row = self.request(life);
            self.rows.requests.push(row);
        }
    }

    fn request(&mut self, life: &[Action]) -> Model {
        let mut at = self.some_time();
        let submitter = match &self.client {
            Some(client) if self.random.percent(50) => client.clone(),
            _ => self.colleague(),
        };
        let mut row = Model {
            id: self.random.id(at),
            organization_id: self.dossier.organization_id,
            client_id: self.dossier.id,
            document_version_id: self.version_to_validate(at, &submitter),
            quote_id: None,
            message_id: None,
            round_id: self.random.id(at),
            previous_id: None,
            title: (*self.random.one(REQUESTS)).to_owned(),
            description: None,
            status: Status::Pending,
            internal: submitter.kind != ActorKind::Client,
            internal_note: None,
            decision_reason: None,
            submitter_id: submitter.user,
            submitter_name: submitter.name.clone(),
            submitter_kind: submitter.kind,
            assignee_id: None,
            decided_at: None,
            due_on: None,
            due_order: NaiveDate::from_ymd_opt(9999, 12, 31).unwrap_or_default(),
            revision: 1,
            created_at: at,
            updated_at: at,
        };
        self.history(&row, at, Action::Submitted, None, &submitter);
        self.added(at, &submitter, Kind::ValidationSubmitted, &row);
        let decider = self.other_decider(&submitter);
        for action in life {
            if *action == Action::Shared && !row.internal {
                continue;
            }
            at = self.later(at);
            row = self.step(&row, at, *action, &submitter, &decider);
        }
        if self.random.percent(60) {
            at = self.later(at);
            self.comment(&row, at, &decider.actor);
        }
        row
    }

    /// Adds a comment of the agency. One in three is internal.
    fn comment(&mut self, row: &Model, at: DateTime<Utc>, author: &Actor) {
        let internal = self.random.percent(33);
        let comment = comment::Model {
            id: self.random.id(at),
            organization_id: row.organization_id,
            client_id: row.client_id,
            request_id: row.id,
            document_version_id: row.document_version_id,
            body: (*self.random.one(OBJECTIONS)).to_owned(),
            internal,
            mentions: String::new(),
            author_kind: author.kind,
            author_id: author.user,
            author_name: author.name.clone(),
            created_at: at,
        };
        self.rows.comments.push(comment);
        if !internal {
            self.changed(at, author, Kind::ValidationCommented, row, row);
        }
    }

    fn step(
        &mut self,
        before: &Model,
        at: DateTime<Utc>,
        action: Action,
        submitter: &Actor,
        decider: &Person,
    ) -> Model {
        let reason = match action {
            Action::Approved => Some(*self.random.one(APPROVALS)),
            Action::Rejected | Action::ChangesRequested => Some(*self.random.one(OBJECTIONS)),
            Action::Cancelled => Some(*self.random.one(WITHDRAWALS)),
            Action::Submitted
            | Action::Resubmitted
            | Action::Shared
            | Action::Assigned
            | Action::DueDateSet
            | Action::VersionReplaced => None,
        }
        .map(str::to_owned);
        let mut after = Model { revision: before.revision + 1, updated_at: at, ..before.clone() };
        let (actor, kind) = match action {
            Action::Approved => (&decider.actor, Kind::ValidationApproved),
            Action::Rejected => (&decider.actor, Kind::ValidationRejected),
            Action::ChangesRequested => (&decider.actor, Kind::ValidationChangesRequested),
            Action::Shared => (&decider.actor, Kind::ValidationShared),
            Action::Assigned => (&decider.actor, Kind::ValidationAssigned),
            Action::Cancelled => (submitter, Kind::ValidationCancelled),
            Action::DueDateSet => (&decider.actor, Kind::ValidationDueDateSet),
            Action::VersionReplaced => (submitter, Kind::ValidationVersionReplaced),
            Action::Submitted | Action::Resubmitted => (submitter, Kind::ValidationResubmitted),
        };
        match action {
            Action::Shared => after.internal = false,
            Action::Assigned => after.assignee_id = Some(decider.membership),
            Action::DueDateSet => after.due_on = Some(after.due_order),
            Action::VersionReplaced => after.round_id = self.random.id(at),
            Action::Submitted | Action::Resubmitted => {
                (after.status, after.decision_reason) = (Status::Pending, None);
                after.round_id = self.random.id(at);
            }
            Action::ChangesRequested => after.status = Status::ChangesRequested,
            Action::Cancelled => after.status = Status::Cancelled,
            Action::Approved => (after.status, after.decided_at) = (Status::Approved, Some(at)),
            Action::Rejected => (after.status, after.decided_at) = (Status::Rejected, Some(at)),
        }
        if reason.is_some() {
            after.decision_reason.clone_from(&reason);
        }
        self.history(&after, at, action, reason, actor);
        self.changed(at, actor, kind, before, &after);
        after
    }

    fn history(&mut self, row: &Model, at: DateTime<Utc>, action: Action, reason: Option<String>, actor: &Actor) {
        let begins_round = matches!(action, Action::Submitted | Action::Resubmitted | Action::VersionReplaced);
        let step = step::Model {
            id: if begins_round { row.round_id } else { self.random.id(at) },
            organization_id: row.organization_id,
            client_id: row.client_id,
            request_id: row.id,
            action,
            reason,
            document_version_id: row.document_version_id,
            round_id: row.round_id,
            quote_revision: None,
            actor_kind: actor.kind,
            actor_id: actor.user,
            actor_name: actor.name.clone(),
            created_at: at,
        };
        self.rows.steps.push(step);
        if begins_round {
            self.begin_round(row);
        }
    }

    fn begin_round(&mut self, row: &Model) {
        let Some(version) = self.rows.versions.iter().rev().find(|version| Some(version.id) == row.document_version_id)
        else {
            return;
        };
        let part = part::Model {
            id: row.round_id,
            organization_id: row.organization_id,
            client_id: row.client_id,
            request_id: row.id,
            round_id: row.round_id,
            position: 1,
            document_id: version.document_id,
            document_version_id: version.id,
            sha256: version.sha256.clone(),
        };
        self.rows.request_versions.push(part);
    }

    /// Chooses a version that existed at this time, and that the submitter can see.
    fn version_to_validate(&self, at: DateTime<Utc>, submitter: &Actor) -> Option<uuid::Uuid> {
        let of_dossier = self.rows.documents.iter().rev().take_while(|row| row.client_id == self.dossier.id);
        let deliverable = of_dossier
            .filter(|row| row.zone == document::Zone::Documents)
            .filter(|row| row.deleted_at.is_none() && row.updated_at < at)
            .find(|row| submitter.kind != ActorKind::Client || row.published_version_id.is_some())?;
        deliverable.published_version_id.or_else(|| {
            let mut versions = self.rows.versions.iter().rev().filter(|row| row.document_id == deliverable.id);
            versions.find(|row| row.status == document::Status::Ready).map(|row| row.id)
        })
    }
}
