/** What an operator puts into `.env`. */
export const OPERATOR_VARIABLES = {
  NETWORK_ID: 'city-of-brno',
  OWNER_ADDRESS: '0x52908400098527886E0F7030069857D2E4169EE7',
  PUBLIC_HOST: 'oracle.example',
  TLS_CERT: '/etc/ssl/oracle.example/fullchain.pem',
  TLS_KEY: '/etc/ssl/oracle.example/privkey.pem',
  TLS_GROUP: '1007',
  POSTGRES_PASSWORD: '3f0d6f',
  BROKER_SECRET: 'b90c5f9b6d0a45d1',
  EMQX_COOKIE: '77aa10',
} as const;
