export { type DeployConfig, DeployConfigError, type DeployConfigInput, parseDeployConfig } from './deploy-config.ts';
export { type DeployModules, DeployRaceError, deployContracts } from './deploy-contracts.ts';
export { type DeploymentFault, type DeploymentFinding, verifyDeployment } from './verify-deployment.ts';
export { type ValueFinding, verifyValues } from './verify-values.ts';
