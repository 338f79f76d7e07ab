// An OpenID provider without pages: it signs in the account that `login_hint` names, and asks for no consent.
//
// A `POST` to /test/accounts changes what it says about an account.

import Provider from 'oidc-provider';
import { generateKeyPairSync, randomUUID } from 'node:crypto';

const issuer = `http://127.0.0.1:${process.env.PORT}`;
const resource = 'https://api.example/graphql';
const accounts = new Map();
const key = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ format: 'jwk' });

const provider = new Provider(issuer, {
    clients: [
        {
            client_id: 'dossier',
            client_secret: 'the secret + of = the client',
            redirect_uris: ['https://hub.example/sign-in/external'],
        },
        {
            client_id: 'phone',
            token_endpoint_auth_method: 'none',
            application_type: 'native',
            redirect_uris: ['com.example.app:/back', 'http://127.0.0.1/back'],
        },
        {
            client_id: 'robot',
            client_secret: 'the secret of the robot',
            grant_types: ['client_credentials'],
            redirect_uris: [],
            response_types: [],
        },
    ],
    claims: { email: ['email', 'email_verified'] },
    cookies: { keys: [randomUUID()] },
    jwks: { keys: [{ ...key, use: 'sig', alg: 'RS256', kid: randomUUID() }] },
    features: {
        clientCredentials: { enabled: true },
        devInteractions: { enabled: false },
        resourceIndicators: {
            enabled: true,
            getResourceServerInfo: () => ({
                audience: resource,
                scope: 'clients:read documents:read members:manage',
                accessTokenFormat: 'jwt',
                accessTokenTTL: 300,
            }),
        },
    },
    interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
    findAccount: (_, sub) => ({ accountId: sub, claims: () => ({ sub, ...accounts.get(sub) }) }),
    async loadExistingGrant({ oidc }) {
        const grant = new oidc.provider.Grant({ clientId: oidc.client.clientId, accountId: oidc.session.accountId });
        grant.addOIDCScope('openid email');
        await grant.save();
        return grant;
    },
});

async function body(stream) {
    let text = '';
    for await (const chunk of stream) {
        text += chunk;
    }
    return JSON.parse(text);
}

provider.use(async (ctx, next) => {
    if (ctx.path === '/test/accounts') {
        const { sub, ...claims } = await body(ctx.req);
        accounts.set(sub, claims);
        ctx.status = 204;
    } else if (ctx.path.startsWith('/interaction/')) {
        const { params } = await provider.interactionDetails(ctx.req, ctx.res);
        const result = { login: { accountId: params.login_hint }, consent: {} };
        ctx.redirect(await provider.interactionResult(ctx.req, ctx.res, result));
    } else {
        await next();
    }
});

provider.on('server_error', (_, error) => console.error(error));
provider.listen(process.env.PORT, '127.0.0.1', () => console.log('ready'));
