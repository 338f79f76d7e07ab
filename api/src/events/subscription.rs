//! One subscriber's stream: reads the outbox from its mark whenever it is woken. It holds no transaction while it waits.

use super::{
    bus::Waker,
    feed::{self, Interest, Mark, Step},
};
use crate::{app::App, auth::Credentials, failure::Failure, observe::metrics::Backlog};
use chrono::{DateTime, Utc};
use entities::event::Model;
use futures::Stream;
use std::collections::VecDeque;
use uuid::Uuid;

/// One event for one subscriber.
pub struct Delivery {
    /// Where to go on behind it.
    pub cursor: String,
    /// When it happened.
    pub occurred_at: DateTime<Utc>,
    /// What happened; none: the cursor that was given leads nowhere, and what is shown must be read again.
    pub event: Option<Model>,
}

struct Listener {
    app: App,
    credentials: Credentials,
    interest: Interest,
    organization: Uuid,
    mark: Mark,
    waker: Waker,
    ready: VecDeque<Delivery>,
    /// What comes behind this happens while the subscriber listens.
    live: Mark,
    backlog: Backlog,
    /// How many events are behind what was read.
    unread: i64,
    /// More may be waiting behind what was read.
    behind: bool,
}

/// Events after a cursor, or from now on. Its position is fixed when this returns.
pub async fn listen(
    app: App,
    credentials: Credentials,
    interest: Interest,
    after: Option<String>,
) -> Result<impl Stream<Item = Result<Delivery, Failure>> + use<>, Failure> {
    let unit = app.door.read(&credentials).await?;
    let organization = unit.member()?.organization;
    let waker = app.door.bus.listen(organization);
    let end = feed::end(&unit).await?;
    let given = after.as_deref().map(|cursor| Mark::open(&app.sealer, organization, cursor));
    let now = unit.now;
    drop(unit);
    let mut ready = VecDeque::new();
    let mark = match given {
        None => end,
        Some(Some(mark)) if mark <= end => mark,
        // Malformed, another organization's, or from before a backup was restored.
        Some(_) => {
            ready.push_back(Delivery { cursor: end.seal(&app.sealer, organization)?, occurred_at: now, event: None });
            end
        }
    };
    let listener = Listener {
        backlog: app.metrics.backlog(),
        app,
        credentials,
        interest,
        organization,
        mark,
        waker,
        ready,
        live: end,
        unread: 0,
        behind: true,
    };
    Ok(futures::stream::unfold(Some(listener), async |listener| {
        let mut listener = listener?;
        match listener.next().await {
            Ok(Some(delivery)) => Some((Ok(delivery), Some(listener))),
            Ok(None) => None,
            Err(failure) => Some((Err(failure), None)),
        }
    }))
}

impl Listener {
    async fn next(&mut self) -> Result<Option<Delivery>, Failure> {
        loop {
            if let Some(delivery) = self.ready.pop_front() {
                self.observe(&delivery);
                return Ok(Some(delivery));
            }
            if !self.behind && !self.waker.woken().await {
                return Ok(None);
            }
            self.read().await?;
        }
    }

    async fn read(&mut self) -> Result<(), Failure> {
        let unit = self.app.door.read(&self.credentials).await?;
        let Step { events, mark, end } = feed::next(&unit, self.mark, self.interest).await?;
        drop(unit);
        // Only after an empty step is there certainly nothing behind.
        self.behind = !events.is_empty();
        self.mark = mark;
        self.unread = end.0 - mark.0;
        for event in events {
            let cursor = Mark(event.number).seal(&self.app.sealer, self.organization)?;
            self.ready.push_back(Delivery { cursor, occurred_at: event.occurred_at, event: Some(event) });
        }
        self.backlog.set(self.waiting());
        Ok(())
    }

    /// An event goes on its way. How long ago it happened says something of the server only if the subscriber listened
    /// then.
    fn observe(&mut self, delivery: &Delivery) {
        self.backlog.set(self.waiting());
        if delivery.event.as_ref().is_some_and(|event| event.number > self.live.0) {
            let after = self.app.door.clock.now() - delivery.occurred_at;
            self.app.metrics.delivered(after.to_std().unwrap_or_default());
        }
    }

    /// How many events are known to be behind what was delivered.
    fn waiting(&self) -> i64 {
        self.unread.saturating_add(i64::try_from(self.ready.len()).unwrap_or_default())
    }
}
