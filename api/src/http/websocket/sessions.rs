//! Closes sockets whose session is not active any more. A session may be ended, or a membership or an organization
//! suspended, on any process or in the database itself. Every process notices this within seconds.

use dossier_core::error::Error;
use dossier_data::Database;
use dossier_events::Bus;
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError, Weak},
    time::Duration,
};
use tokio::{sync::watch, task::AbortHandle, time::sleep};
use uuid::Uuid;

/// The interval of the checks.
const INTERVAL: Duration = Duration::from_secs(2);

/// The sessions with open sockets on this process.
pub struct Sessions {
    open: Mutex<HashMap<Uuid, Open>>,
    task: Mutex<Option<AbortHandle>>,
}

struct Open {
    organization: Uuid,
    sockets: usize,
    ended: watch::Sender<bool>,
    /// Whether the session was checked after its socket opened. Earlier changes may have been missed.
    checked: bool,
}

impl Sessions {
    /// Creates the registry and starts the checks.
    pub fn watch(database: Database, bus: Bus) -> Arc<Self> {
        let sessions = Arc::new(Self { open: Mutex::default(), task: Mutex::default() });
        let task = tokio::spawn(run_checks(Arc::downgrade(&sessions), database, bus)).abort_handle();
        *sessions.task.lock().unwrap_or_else(PoisonError::into_inner) = Some(task);
        sessions
    }

    /// Registers a socket of this session until the result is dropped.
    pub fn register(self: &Arc<Self>, session: Uuid, organization: Uuid) -> RegisteredSocket {
        let mut all = self.open();
        let open = all.entry(session).or_insert_with(|| Open {
            organization,
            sockets: 0,
            ended: watch::Sender::new(false),
            checked: false,
        });
        open.sockets += 1;
        RegisteredSocket { ended: open.ended.subscribe(), session, sessions: self.clone() }
    }

    fn open(&self) -> MutexGuard<'_, HashMap<Uuid, Open>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn organizations(&self) -> Vec<Uuid> {
        let mut all: Vec<_> = self.open().values().map(|open| open.organization).collect();
        all.sort_unstable();
        all.dedup();
        all
    }

    /// Closes the sockets of inactive sessions. It checks the sessions of these organizations and new sessions.
    async fn close_inactive(&self, database: &Database, organizations: &[Uuid]) -> Result<(), Error> {
        let unchecked: Vec<_> = {
            let open = self.open();
            let unchecked = open.iter().filter(|(_, open)| !open.checked || organizations.contains(&open.organization));
            unchecked.map(|(session, _)| *session).collect()
        };
        if unchecked.is_empty() {
            return Ok(());
        }
        let active = database.access_scopes(&unchecked).await?;
        let mut all = self.open();
        for session in unchecked {
            if let Some(open) = all.get_mut(&session) {
                open.checked = true;
                open.ended.send_if_modified(|ended| std::mem::replace(ended, !active.contains_key(&session)) != *ended);
            }
        }
        Ok(())
    }
}

impl Drop for Sessions {
    fn drop(&mut self) {
        if let Some(task) = self.task.lock().unwrap_or_else(PoisonError::into_inner).take() {
            task.abort();
        }
    }
}

async fn run_checks(sessions: Weak<Sessions>, database: Database, bus: Bus) {
    let mut known = HashMap::new();
    while let Some(sessions) = sessions.upgrade() {
        if let Err(error) = check_changed(&sessions, &database, &bus, &mut known).await {
            tracing::debug!(%error, "cannot check whether sessions are still active; retrying");
        }
        drop(sessions);
        sleep(INTERVAL).await;
    }
}

/// Checks the sessions of organizations whose access data has changed since the last check.
async fn check_changed(
    sessions: &Sessions,
    database: &Database,
    bus: &Bus,
    known: &mut HashMap<Uuid, i64>,
) -> Result<(), Error> {
    let organizations = sessions.organizations();
    if organizations.is_empty() {
        return Ok(());
    }
    let counts = database.access_changes(&organizations).await?;
    let changed = |organization: &Uuid| known.get(organization) != counts.get(organization);
    let organizations: Vec<_> = organizations.into_iter().filter(changed).collect();
    sessions.close_inactive(database, &organizations).await?;
    // The rights of subscribers may have changed.
    for organization in organizations {
        bus.look(organization);
    }
    *known = counts;
    Ok(())
}

/// A registered socket.
pub struct RegisteredSocket {
    ended: watch::Receiver<bool>,
    session: Uuid,
    sessions: Arc<Sessions>,
}

impl RegisteredSocket {
    /// Waits until the session is not active any more.
    pub async fn session_ended(&mut self) {
        if self.ended.wait_for(|ended| *ended).await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}

impl Drop for RegisteredSocket {
    fn drop(&mut self) {
        let mut all = self.sessions.open();
        if let Some(open) = all.get_mut(&self.session) {
            open.sockets -= 1;
            if open.sockets == 0 {
                all.remove(&self.session);
            }
        }
    }
}
