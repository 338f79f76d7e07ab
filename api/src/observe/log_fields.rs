//! Collects facts about a request or an operation for its log line.

use crate::error_code::Code;
use async_graphql::{Response, parser::types::OperationType};
use dossier_core::viewer::Viewer;
use entities::membership::Role;
use std::{
    collections::BTreeSet,
    sync::{
        Arc, Mutex, OnceLock, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};
use uuid::Uuid;

tokio::task_local! {
    /// The fields of the current task: of a request, or of an operation on a socket.
    pub(super) static LOG_FIELDS: Arc<LogFields>;
}

/// The facts that are known until now.
#[derive(Default)]
pub(super) struct LogFields {
    /// The id of the request.
    id: String,
    signed_in: AtomicBool,
    operation: OnceLock<(OperationType, Option<String>)>,
    who: OnceLock<(Uuid, Role)>,
    codes: Mutex<BTreeSet<String>>,
}

impl LogFields {
    /// Creates the fields of the request with this id.
    pub(super) fn of(id: &str) -> Arc<Self> {
        Arc::new(Self { id: id.to_owned(), ..Self::default() })
    }

    pub(super) fn id(&self) -> &str {
        &self.id
    }

    /// Records that the caller is signed in.
    pub(super) fn sign_in(&self) {
        self.signed_in.store(true, Ordering::Relaxed);
    }

    pub(super) fn signed_in(&self) -> bool {
        self.signed_in.load(Ordering::Relaxed)
    }

    /// Returns the kind of the operation. `None` before the document is validated.
    pub(super) fn kind(&self) -> Option<&'static str> {
        self.operation.get().map(|(kind, _)| match kind {
            OperationType::Query => "query",
            OperationType::Mutation => "mutation",
            OperationType::Subscription => "subscription",
        })
    }

    pub(super) fn name(&self) -> Option<&str> {
        self.operation.get().and_then(|(_, name)| name.as_deref())
    }

    pub(super) fn organization(&self) -> Option<Uuid> {
        self.who.get().map(|(organization, _)| *organization)
    }

    pub(super) fn role(&self) -> Option<&'static str> {
        self.who.get().map(|(_, role)| match role {
            Role::Owner => "OWNER",
            Role::Operator => "OPERATOR",
            Role::Manager => "MANAGER",
            Role::Staff => "STAFF",
            Role::Client => "CLIENT",
        })
    }

    /// Returns the distinct codes of the errors.
    pub(super) fn codes(&self) -> Vec<String> {
        self.codes.lock().unwrap_or_else(PoisonError::into_inner).iter().cloned().collect()
    }

    pub(super) fn code(&self, code: &str) {
        let mut codes = self.codes.lock().unwrap_or_else(PoisonError::into_inner);
        if !codes.contains(code) {
            codes.insert(code.to_owned());
        }
    }

    /// Returns whether there is an internal error.
    pub(super) fn is_our_fault(&self) -> bool {
        let ours = [Code::InternalServerError.as_str(), Code::ServiceUnavailable.as_str()];
        self.codes().iter().any(|code| ours.contains(&code.as_str()))
    }

    pub(super) fn errors(&self, response: &Response) {
        for error in &response.errors {
            match error.extensions.as_ref().and_then(|extensions| extensions.get("code")) {
                Some(async_graphql::Value::String(code)) => self.code(code),
                _ => self.code(Code::InternalServerError.as_str()),
            }
        }
    }
}

/// Records the viewer of the current operation. `auth` calls it whenever it has read the viewer.
pub fn viewer(viewer: &Viewer) {
    if let Some(member) = viewer.member() {
        // Outside of a server, nothing is recorded.
        let _ = LOG_FIELDS.try_with(|fields| fields.who.set((member.organization, member.grant.role())));
    }
}

/// Records the current operation when it is ready for execution.
pub fn understood(kind: OperationType, name: Option<&str>) {
    let _ = LOG_FIELDS.try_with(|fields| fields.operation.set((kind, name.map(str::to_owned))));
}

/// Returns the id of the current request.
pub fn id() -> String {
    LOG_FIELDS.try_with(|fields| fields.id().to_owned()).unwrap_or_default()
}

/// Records that the request was refused before its execution.
pub fn refused(code: Code) {
    let _ = LOG_FIELDS.try_with(|fields| fields.code(code.as_str()));
}
