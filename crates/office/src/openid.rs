//! The way to the provider of identities that the operator trusts, and back: OpenID Connect with an authorization code and
//! PKCE [OpenID Connect Core 1.0, RFC 7636, RFC 9207].
//!
//! Asked for is who it is and nothing else: no name, no address. What is kept of the answer is a code over issuer and
//! subject that only this instance can make. Between going and coming back nothing stands in the database: the way is
//! sealed in a cookie of the browser that goes it.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;

use chrono::DateTime;
use hoptac_model::account::AccountName;
use hoptac_model::filing::Hash;
use jiff::{SignedDuration, Timestamp};
use openidconnect::core::{
    CoreAuthenticationFlow, CoreClient, CoreClientAuthMethod, CoreIdToken, CoreIdTokenClaims,
    CoreProviderMetadata,
};
use openidconnect::{
    AsyncHttpClient, AuthType, AuthorizationCode, ClaimsVerificationError, ClientId, ClientSecret,
    CsrfToken, HttpRequest, HttpResponse, IssuerUrl, Nonce, PkceCodeChallenge, PkceCodeVerifier,
    RedirectUrl, TokenResponse as _,
};
use serde::{Deserialize, Serialize};
use tokio::sync::Mutex;

use crate::key::{Key, Token};

/// How long somebody may be away at the provider.
pub const AWAY: SignedDuration = SignedDuration::from_mins(10);
/// After how long the provider's own description is fetched again.
const DESCRIPTION_LASTS: SignedDuration = SignedDuration::from_hours(1);
/// What a sealed way is sealed for.
const SEALED_FOR: &str = "openid-way";

/// What fetches: the binary gives it, so that nothing here opens a connection by itself.
pub type Fetch = Arc<dyn Fn(HttpRequest) -> Fetched + Send + Sync>;
/// An answer on its way.
pub type Fetched = Pin<Box<dyn Future<Output = Result<HttpResponse, Unreachable>> + Send>>;

/// The provider did not answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Unreachable(pub String);

/// Why somebody comes back without an identity.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OpenIdError {
    /// The provider does not answer, or not as the standard says. The text is for the log; it holds nothing about a person.
    #[error("the provider of identities: {0}")]
    Provider(String),
    /// What the provider gave does not prove what it should.
    #[error("the proof of the provider of identities does not hold: {0}")]
    Untrue(String),
    /// Whoever was there said no, or the provider did.
    #[error("the provider of identities let nobody through")]
    Declined,
    /// The way was begun in another browser, too long ago, or not at all.
    #[error("this way to the provider of identities was not begun here, or has run out")]
    Stale,
}

/// What an operator sets.
#[derive(Clone)]
pub struct Settings {
    /// The provider's own address, from which everything else is found.
    pub issuer: String,
    /// What the provider calls this instance.
    pub client: String,
    /// What this instance proves itself with, where it has something.
    pub secret: Option<String>,
    /// What people call the provider, for buttons.
    pub name: String,
    /// Where the provider sends people back to.
    pub back: String,
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Settings({}, {}, …)", self.issuer, self.client)
    }
}

/// What somebody goes to the provider for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Purpose {
    /// To sign in.
    SignIn,
    /// To bind the identity to an account that is signed in.
    Bind(AccountName),
    /// To take an account up by its one-time link, which stands here as it does in the address.
    TakeUp(String),
}

/// Where to go, and what to keep until coming back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Departure {
    /// The provider's page.
    pub address: String,
    /// The way, sealed for the cookie.
    pub way: String,
}

/// Somebody who came back and is who the provider says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Arrival {
    /// The code over issuer and subject.
    pub identity: Hash,
    /// What they went for.
    pub purpose: Purpose,
    /// Where they wanted to go on to.
    pub onward: String,
}

/// What the provider sends people back with.
#[derive(Clone, Copy, Debug, Default)]
pub struct Answer<'a> {
    /// Which way it answers.
    pub state: &'a str,
    /// What a proof is given for.
    pub code: &'a str,
    /// Who answers, where it says so.
    pub issuer: &'a str,
    /// Why there is no code.
    pub error: &'a str,
}

#[derive(Serialize, Deserialize)]
struct Way {
    state: String,
    nonce: String,
    verifier: String,
    purpose: Purpose,
    onward: String,
    begun_second: i64,
}

/// What fetches, as the library asks for it.
#[derive(Clone)]
struct Client(Fetch);

impl<'c> AsyncHttpClient<'c> for Client {
    type Error = Unreachable;
    type Future = Fetched;

    fn call(&'c self, request: HttpRequest) -> Fetched {
        (self.0)(request)
    }
}

/// The provider of identities of an instance.
#[derive(Clone)]
pub struct Provider {
    settings: Settings,
    fetch: Client,
    described: Arc<Mutex<Option<(Timestamp, CoreProviderMetadata)>>>,
}

impl fmt::Debug for Provider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Provider({:?})", self.settings)
    }
}

impl Provider {
    /// The provider of these settings, which is asked when it is first needed: an instance starts without it.
    pub fn new(settings: Settings, fetch: Fetch) -> Self {
        Self { settings, fetch: Client(fetch), described: Arc::default() }
    }

    /// What people call it.
    pub fn name(&self) -> &str {
        &self.settings.name
    }

    /// Begins a way. `chance` makes what must be guessed by nobody, `nonce` seals.
    ///
    /// # Errors
    ///
    /// [`OpenIdError::Provider`] where the provider cannot be asked.
    pub async fn begin(
        &self,
        key: &Key,
        (purpose, onward): (Purpose, &str),
        at: Timestamp,
        (chance, nonce): ([Token; 3], [u8; 24]),
    ) -> Result<Departure, OpenIdError> {
        let description = self.description(at).await?;
        let [state, own_nonce, verifier] = chance.map(|token| token.reveal());
        let client = CoreClient::from_provider_metadata(
            description,
            ClientId::new(self.settings.client.clone()),
            None,
        )
        .set_redirect_uri(self.back()?);
        let challenge =
            PkceCodeChallenge::from_code_verifier_sha256(&PkceCodeVerifier::new(verifier.clone()));
        let (said_state, said_nonce) = (state.clone(), own_nonce.clone());
        // "openid" is asked for by itself; nothing is added to it.
        let (address, _, _) = client
            .authorize_url(
                CoreAuthenticationFlow::AuthorizationCode,
                || CsrfToken::new(said_state),
                || Nonce::new(said_nonce),
            )
            .set_pkce_challenge(challenge)
            .url();
        let way = Way {
            state,
            nonce: own_nonce,
            verifier,
            purpose,
            onward: onward.to_owned(),
            begun_second: at.as_second(),
        };
        let plain = serde_json::to_vec(&way).map_err(|_| OpenIdError::Stale)?;
        Ok(Departure { address: address.into(), way: key.seal(SEALED_FOR, nonce, &plain) })
    }

    /// Ends a way: holds what came back against what was begun, has the provider prove who it is, and checks the proof.
    ///
    /// # Errors
    ///
    /// Every [`OpenIdError`]; nothing was changed then.
    pub async fn arrive(
        &self,
        key: &Key,
        sealed: Option<&str>,
        answer: Answer<'_>,
        at: Timestamp,
    ) -> Result<Arrival, OpenIdError> {
        let opened = sealed.and_then(|sealed| key.open(SEALED_FOR, sealed));
        let way: Way = opened
            .and_then(|plain| serde_json::from_slice(&plain).ok())
            .ok_or(OpenIdError::Stale)?;
        let begun = Timestamp::from_second(way.begun_second).map_err(|_| OpenIdError::Stale)?;
        // The way is sealed and the browser's own, so that how long a comparison takes tells nobody anything.
        if way.state != answer.state || at.duration_since(begun) > AWAY || at < begun {
            return Err(OpenIdError::Stale);
        }
        if !answer.issuer.is_empty() && answer.issuer != self.settings.issuer {
            return Err(OpenIdError::Untrue("another issuer answers".to_owned()));
        }
        if !answer.error.is_empty() || answer.code.is_empty() {
            return Err(OpenIdError::Declined);
        }
        let token = self.proof(answer.code, way.verifier, at).await?;
        let subject = self.subject(&token, &Nonce::new(way.nonce), at).await?;
        let named = format!("{}\n{subject}", self.settings.issuer);
        let identity = key.code("openid-identity", &named);
        Ok(Arrival { identity, purpose: way.purpose, onward: way.onward })
    }

    /// Gives the code back for a proof.
    async fn proof(
        &self,
        code: &str,
        verifier: String,
        at: Timestamp,
    ) -> Result<CoreIdToken, OpenIdError> {
        let description = self.description(at).await?;
        let methods = description.token_endpoint_auth_methods_supported();
        // A provider that says nothing takes the first; one may take the other alone.
        let by_header =
            methods.is_none_or(|all| all.contains(&CoreClientAuthMethod::ClientSecretBasic));
        let client = CoreClient::from_provider_metadata(
            description,
            ClientId::new(self.settings.client.clone()),
            self.settings.secret.clone().map(ClientSecret::new),
        )
        .set_redirect_uri(self.back()?)
        .set_auth_type(if by_header { AuthType::BasicAuth } else { AuthType::RequestBody });
        let asked = client
            .exchange_code(AuthorizationCode::new(code.to_owned()))
            .map_err(|error| OpenIdError::Provider(error.to_string()))?
            .set_pkce_verifier(PkceCodeVerifier::new(verifier));
        let answered = asked.request_async(&self.fetch).await;
        let answered = answered.map_err(|error| OpenIdError::Provider(error.to_string()))?;
        let token = answered.id_token().cloned();
        token.ok_or_else(|| OpenIdError::Provider("there is no proof in its answer".to_owned()))
    }

    /// Who the proof says it is, once it holds. Where it is signed by a key that is not known, the keys are fetched again.
    async fn subject(
        &self,
        token: &CoreIdToken,
        nonce: &Nonce,
        at: Timestamp,
    ) -> Result<String, OpenIdError> {
        let description = self.description(at).await?;
        let first = self.claims(description, token, nonce, at).map(subject_of);
        let told = match first {
            Err(ClaimsVerificationError::SignatureVerification(_)) => {
                *self.described.lock().await = None;
                let description = self.description(at).await?;
                self.claims(description, token, nonce, at).map(subject_of)
            }
            told => told,
        };
        told.map_err(|error| OpenIdError::Untrue(kind_of(&error).to_owned()))
    }

    fn claims<'t>(
        &self,
        description: CoreProviderMetadata,
        token: &'t CoreIdToken,
        nonce: &Nonce,
        at: Timestamp,
    ) -> Result<&'t CoreIdTokenClaims, ClaimsVerificationError> {
        let client = CoreClient::from_provider_metadata(
            description,
            ClientId::new(self.settings.client.clone()),
            self.settings.secret.clone().map(ClientSecret::new),
        );
        let now = DateTime::from_timestamp(at.as_second(), 0).unwrap_or_default();
        let verifier = client.id_token_verifier().set_time_fn(move || now);
        token.claims(&verifier, nonce)
    }

    fn back(&self) -> Result<RedirectUrl, OpenIdError> {
        RedirectUrl::new(self.settings.back.clone())
            .map_err(|error| OpenIdError::Provider(error.to_string()))
    }

    /// What the provider says of itself, with its keys.
    async fn description(&self, at: Timestamp) -> Result<CoreProviderMetadata, OpenIdError> {
        let mut described = self.described.lock().await;
        if let Some((since, known)) = &*described
            && at.duration_since(*since) < DESCRIPTION_LASTS
        {
            return Ok(known.clone());
        }
        let issuer = IssuerUrl::new(self.settings.issuer.clone())
            .map_err(|error| OpenIdError::Provider(error.to_string()))?;
        let found = CoreProviderMetadata::discover_async(issuer, &self.fetch).await;
        let found = found.map_err(|error| OpenIdError::Provider(chain(&error)))?;
        *described = Some((at, found.clone()));
        Ok(found)
    }
}

fn subject_of(claims: &CoreIdTokenClaims) -> String {
    claims.subject().as_str().to_owned()
}

/// What is wrong with a proof, without what stands in it: that is about a person.
fn kind_of(error: &ClaimsVerificationError) -> &'static str {
    match error {
        ClaimsVerificationError::Expired(_) => "it has expired",
        ClaimsVerificationError::InvalidAudience(_) => "it is for another system",
        ClaimsVerificationError::InvalidIssuer(_) => "it is another issuer's",
        ClaimsVerificationError::InvalidNonce(_) => "it belongs to another sign-in",
        ClaimsVerificationError::SignatureVerification(_) => "its signature is not the issuer's",
        ClaimsVerificationError::InvalidAuthContext(_)
        | ClaimsVerificationError::InvalidAuthTime(_)
        | ClaimsVerificationError::InvalidSubject(_)
        | ClaimsVerificationError::Other(_)
        | ClaimsVerificationError::Unsupported(_)
        // The library may find more to say.
        | _ => "it is not as the standard says",
    }
}

/// An error with its causes.
fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        text.push_str(": ");
        text.push_str(&inner.to_string());
        cause = inner.source();
    }
    text
}
