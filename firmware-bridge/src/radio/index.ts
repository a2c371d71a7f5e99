export * from './gateway-driver.ts';
export * from './gateway-eui.ts';
export * from './semtech-udp/gateway-settings.ts';
export * from './semtech-udp/semtech-udp-driver.ts';
