//! The task of a channel: tells all its members what happens, as any of them who may hear it.

use super::{Answer, Member, NEVER, Room};
use crate::{
    access::Unit,
    app::App,
    auth::Credentials,
    events::{Call, News, Walk},
    http::{
        question::Question,
        websocket::tell::{Listener, Message, PAUSE, Stop, Teller},
    },
};
use std::sync::{Arc, atomic::Ordering};
use tokio::time::sleep;
use uuid::Uuid;

/// The task of a channel.
pub(super) struct Telling {
    pub(super) room: Arc<Room>,
    pub(super) walk: Walk,
    pub(super) news: News,
    pub(super) question: Arc<Question>,
}

impl Telling {
    /// Until nobody is left to be told.
    pub(super) async fn run(mut self, teller: Teller, id: String) {
        let mut listener = Members { room: self.room.clone(), access: 0, dismissed: false };
        loop {
            match teller.advance(&self.question, &mut self.walk, &mut listener, &id).await {
                Ok(()) => self.wait().await,
                Err(Stop::Later) => sleep(PAUSE).await,
                Err(stop) => {
                    if let Stop::Broken(error) = stop {
                        tracing::error!(%error, "a channel of subscribers broke; they go on one by one");
                    }
                    return self.room.tell(Answer::Over);
                }
            }
        }
    }

    /// Until something may be of interest.
    async fn wait(&mut self) {
        loop {
            let (walk, outlook) = (&self.walk, &self.room.outlook);
            let mark = walk.position().mark;
            let concerns =
                |event: &entities::event::Model| event.number > mark.0 && walk.interest.may_concern(outlook, event);
            match self.news.next(concerns).await {
                Call::Look => return,
                Call::Pass(mark) => {
                    self.walk.pass_over(mark);
                    let mut state = self.room.state();
                    state.mark = state.mark.max(mark);
                }
            }
        }
    }
}

/// All members of a channel.
struct Members {
    room: Arc<Room>,
    /// How often access had changed when they were last admitted.
    access: i64,
    /// Some are not admitted any more, and do not know it.
    dismissed: bool,
}

impl Listener for Members {
    /// As any of them who sees what the topic says.
    async fn enter(&mut self, app: &App) -> Result<(Unit, Credentials), Stop> {
        loop {
            let some = {
                let state = self.room.state();
                let fit = |(_, member): &(&Uuid, &Member)| member.admitted.load(Ordering::Relaxed) != NEVER;
                state.members.iter().find(fit).map(|(_, member)| (member.credentials.clone(), member.admitted.clone()))
            };
            let (credentials, admitted) = some.ok_or(Stop::Over)?;
            match app.door.read(&credentials).await.map_err(Stop::from) {
                Ok(unit) if unit.member()?.outlook() == self.room.outlook => return Ok((unit, credentials)),
                Ok(_) | Err(Stop::Ended) => {
                    admitted.store(NEVER, Ordering::Relaxed);
                    self.dismissed = true;
                }
                Err(stop) => return Err(stop),
            }
        }
    }

    async fn admit(&mut self, unit: &Unit, access: i64) -> Result<(), Stop> {
        self.access = access;
        let unsure: Vec<_> = {
            let state = self.room.state();
            let in_doubt = |member: &Member| ![NEVER, access].contains(&member.admitted.load(Ordering::Relaxed));
            state.members.iter().filter(|(_, member)| in_doubt(member)).map(|(session, _)| *session).collect()
        };
        if !unsure.is_empty() {
            let outlooks = unit.outlooks(&unsure).await?;
            let state = self.room.state();
            for session in unsure {
                let fits = outlooks.get(&session) == Some(&self.room.outlook);
                self.dismissed |= !fits;
                if let Some(member) = state.members.get(&session) {
                    member.admitted.store(if fits { access } else { NEVER }, Ordering::Relaxed);
                }
            }
        }
        if std::mem::take(&mut self.dismissed) {
            self.room.tell(Answer::Dismissed);
        }
        Ok(())
    }

    fn waits(&mut self, _: i64) {}

    async fn hear(&mut self, message: Message) -> Result<(), Stop> {
        // Each of them must find out for themselves where they go on.
        if message.resync.is_some() {
            return Err(Stop::Over);
        }
        self.room.tell(Answer::Told { message, access: self.access });
        Ok(())
    }
}
