//! The configuration of sign-in at an identity provider, and of access tokens of an external issuer.

use super::value;
use clap::Args;
use secrecy::SecretString;
use url::Url;

/// The page of the web app to which the provider sends people back.
const REDIRECT_PATH: &str = "sign-in/external";

/// The configuration of an identity provider.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Identity provider")]
pub struct ExternalIdentities {
    /// Issuer of an OpenID provider at which people can sign in, exactly as it names itself, such as
    /// https://login.example.com/realms/agency. Without it, people sign in with passwords only.
    #[arg(long, env = "OIDC_ISSUER", value_parser = value::issuer)]
    pub oidc_issuer: Option<String>,

    /// Client id of this server at the provider.
    #[arg(long, env = "OIDC_CLIENT_ID", value_parser = value::word)]
    pub oidc_client_id: Option<String>,

    /// Client secret of this server at the provider. Omit it if the provider knows this server as a public client.
    #[arg(long, env = "OIDC_CLIENT_SECRET", hide_env_values = true)]
    pub oidc_client_secret: Option<SecretString>,

    /// Name of the provider that people see. The default is the host of OIDC_ISSUER.
    #[arg(long, env = "OIDC_NAME")]
    pub oidc_name: Option<String>,

    /// Pages to which the provider may send people back, separated by commas. The provider must know them, too. The port of
    /// http://127.0.0.1 may vary. The default is APP_URL/sign-in/external.
    #[arg(long, env = "OIDC_REDIRECT_URLS", value_delimiter = ',', value_parser = value::redirect_url)]
    pub oidc_redirect_urls: Vec<Url>,

    /// Domains of addresses that the provider is trusted to verify, separated by commas, such as example.com. People with
    /// such an address are linked to their account at their first sign-in. Others must link it themselves.
    #[arg(long, env = "OIDC_EMAIL_DOMAINS", value_delimiter = ',', value_parser = value::domain)]
    pub oidc_email_domains: Vec<String>,

    /// Issuer of access tokens that this server accepts from other programs, exactly as its tokens name it. They act as the
    /// person to whom their subject is linked.
    #[arg(long, env = "EXTERNAL_TOKENS_ISSUER", value_parser = value::issuer)]
    pub external_tokens_issuer: Option<String>,

    /// Name of this server in the audience of these tokens. It must not be the OIDC_CLIENT_ID.
    #[arg(long, env = "EXTERNAL_TOKENS_AUDIENCE", value_parser = value::word)]
    pub external_tokens_audience: Option<String>,

    /// URL of the public keys of the issuer. The default is the one in the issuer's configuration.
    #[arg(long, env = "EXTERNAL_TOKENS_JWKS_URL", value_parser = value::provider_url)]
    pub external_tokens_jwks_url: Option<Url>,

    /// Claim that contains the slug of the organization. People who belong to only one need no such claim.
    #[arg(long, env = "EXTERNAL_TOKENS_ORGANIZATION_CLAIM", default_value = "organization", value_parser = value::word)]
    pub external_tokens_organization_claim: String,
}

/// The settings of the identity provider.
#[derive(Clone, Debug)]
pub struct ProviderSettings {
    /// The issuer, exactly as its tokens name it.
    pub issuer: String,
    /// The name by which the provider knows this server.
    pub client_id: String,
    /// The password by which the provider knows this server, if it has one.
    pub client_secret: Option<SecretString>,
    /// The name that people see.
    pub name: String,
    /// The pages to which the provider may send people back. The first one is the default.
    pub redirect_urls: Vec<Url>,
    /// The domains whose addresses the provider is trusted to verify, in lower case.
    pub email_domains: Vec<String>,
}

/// The settings of the external issuer.
#[derive(Clone, Debug)]
pub struct ExternalTokenSettings {
    /// The issuer, exactly as its tokens name it.
    pub issuer: String,
    /// The name of this server in the audience of tokens.
    pub audience: String,
    /// The URL of the issuer's public keys. Without it, the issuer's configuration names them.
    pub jwks_url: Option<Url>,
    /// The claim with the slug of the organization.
    pub organization_claim: String,
}

impl ExternalIdentities {
    /// Checks values that depend on each other, with the names of their variables.
    pub(super) fn check(&self) -> Result<(), String> {
        let together = [
            ("OIDC_CLIENT_ID", self.oidc_client_id.is_some(), "OIDC_ISSUER", self.oidc_issuer.is_some()),
            (
                "EXTERNAL_TOKENS_AUDIENCE",
                self.external_tokens_audience.is_some(),
                "EXTERNAL_TOKENS_ISSUER",
                self.external_tokens_issuer.is_some(),
            ),
        ];
        for (one, has_one, other, has_other) in together {
            if has_one != has_other {
                let (set, missing) = if has_one { (one, other) } else { (other, one) };
                return Err(format!("{set} is set, so {missing} must be set, too"));
            }
        }
        if self.external_tokens_audience.is_some() && self.external_tokens_audience == self.oidc_client_id {
            return Err(
                "EXTERNAL_TOKENS_AUDIENCE must not be the OIDC_CLIENT_ID, because ID tokens have this audience, \
                        and are no access tokens"
                    .to_owned(),
            );
        }
        Ok(())
    }

    /// Returns the settings of the identity provider, if there is one. `app_url` is the URL of the web app.
    pub(super) fn provider(&self, app_url: &Url) -> Result<Option<ProviderSettings>, url::ParseError> {
        let (Some(issuer), Some(client_id)) = (&self.oidc_issuer, &self.oidc_client_id) else { return Ok(None) };
        let host = Url::parse(issuer)?.host_str().unwrap_or_default().to_owned();
        let redirect_urls = if self.oidc_redirect_urls.is_empty() {
            vec![app_url.join(REDIRECT_PATH)?]
        } else {
            self.oidc_redirect_urls.clone()
        };
        Ok(Some(ProviderSettings {
            issuer: issuer.clone(),
            client_id: client_id.clone(),
            client_secret: self.oidc_client_secret.clone(),
            name: self.oidc_name.clone().unwrap_or(host),
            redirect_urls,
            email_domains: self.oidc_email_domains.clone(),
        }))
    }

    /// Returns the settings of the issuer of access tokens, if there is one.
    pub fn external_tokens(&self) -> Option<ExternalTokenSettings> {
        Some(ExternalTokenSettings {
            issuer: self.external_tokens_issuer.clone()?,
            audience: self.external_tokens_audience.clone()?,
            jwks_url: self.external_tokens_jwks_url.clone(),
            organization_claim: self.external_tokens_organization_claim.clone(),
        })
    }
}
