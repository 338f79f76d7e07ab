//! Wakes the subscribers of other processes, through Redis pub/sub. Pub/sub loses messages by design; a reconnection is
//! therefore a wake-up of everybody, and so is the bus's own clock.

use super::bus::Wake;
use redis::{
    AsyncCommands, Client, IntoConnectionInfo, ProtocolVersion, PushInfo, PushKind, RedisError, Value,
    aio::{ConnectionManager, ConnectionManagerConfig},
};
use std::time::Duration;
use tokio::sync::broadcast;
use uuid::Uuid;

/// Begins the name of an organization's channel; the number is the version of what is sent there.
const CHANNEL: &str = "dossier:1:events:";

/// The longest pause between attempts to reconnect.
const RECONNECT_WITHIN: Duration = Duration::from_secs(1);

/// One connection that publishes and subscribes (RESP3), and comes back by itself.
#[derive(Clone)]
pub(super) struct Relay(ConnectionManager);

impl Relay {
    /// Connects, and from then on passes wake-ups of other processes on to `local`.
    pub(super) async fn connect(url: &str, local: broadcast::Sender<Wake>) -> Result<Self, RedisError> {
        let info = url.into_connection_info()?;
        let resp3 = info.redis_settings().clone().set_protocol(ProtocolVersion::RESP3);
        let client = Client::open(info.set_redis_settings(resp3))?;
        let config = ConnectionManagerConfig::new()
            .set_push_sender(move |push: PushInfo| {
                if let Some(wake) = wake(&push) {
                    // Without subscribers nobody needs to be woken.
                    let _ = local.send(wake);
                }
                Ok::<(), ()>(())
            })
            .set_automatic_resubscription()
            // With the default of six, a process that only listens would give up after some seconds.
            .set_number_of_retries(usize::MAX)
            .set_max_delay(RECONNECT_WITHIN);
        let mut connection = client.get_connection_manager_with_config(config).await?;
        connection.psubscribe(format!("{CHANNEL}*")).await?;
        Ok(Self(connection))
    }

    /// Tells the other processes. What fails is caught up by their own clocks, and logged here.
    pub(super) fn publish(&self, organization: Uuid) {
        let mut connection = self.0.clone();
        tokio::spawn(async move {
            let channel = format!("{CHANNEL}{}", organization.simple());
            if let Err(error) = connection.publish::<_, _, ()>(channel, "").await {
                tracing::warn!(%error, "Redis did not take a wake-up; other processes will look for themselves");
            }
        });
    }
}

fn wake(push: &PushInfo) -> Option<Wake> {
    match push.kind {
        // The subscription stands, for the first time or again: what was said meanwhile is lost.
        PushKind::PSubscribe => Some(Wake::Everybody),
        PushKind::PMessage => {
            let Some(Value::BulkString(channel)) = push.data.get(1) else { return None };
            let organization = str::from_utf8(channel).ok()?.strip_prefix(CHANNEL)?;
            Uuid::try_parse(organization).ok().map(Wake::Organization)
        }
        _ => None,
    }
}
