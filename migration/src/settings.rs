//! The settings of a transaction that tell Row Level Security who the viewer is.

/// What stands for all scopes.
pub const EVERY_SCOPE: &str = "*";

/// What each setting of a viewer is set to: an SQL expression of type `text`. A setting without one stays unset.
#[derive(Clone, Debug, Default)]
pub struct ViewerSettings {
    /// The role of a member, or the kind of another viewer.
    pub viewer: String,
    /// The organization within which the viewer sees and acts.
    pub organization: Option<String>,
    /// The membership of a member.
    pub membership: Option<String>,
    /// The person.
    pub user: Option<String>,
    /// The dossier of a client, or an empty text.
    pub client: Option<String>,
    /// The sites of a membership, as an array of ids.
    pub sites: Option<String>,
    /// The scopes that a session is limited to, with a space between them, or [`EVERY_SCOPE`].
    pub scopes: Option<String>,
}

impl ViewerSettings {
    /// Returns the calls that set them until the transaction ends, separated by commas.
    ///
    /// `dossier.standing` and `dossier.home` keep what `dossier.viewer` and `dossier.organization` are while those are others
    /// for some statements.
    pub fn calls(&self) -> String {
        let Self { viewer, organization, membership, user, client, sites, scopes } = self;
        let optional = [
            ("organization", organization),
            ("home", organization),
            ("membership", membership),
            ("user", user),
            ("client", client),
            ("sites", sites),
            ("scopes", scopes),
        ];
        let optional = optional.into_iter().filter_map(|(name, value)| Some((name, value.as_ref()?)));
        let all = [("viewer", viewer), ("standing", viewer)].into_iter().chain(optional);
        all.map(|(name, value)| format!("set_config('dossier.{name}', {value}, true)")).collect::<Vec<_>>().join(", ")
    }
}
