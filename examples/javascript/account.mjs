// Tells who is linked; fails if nobody is.
import { Wad } from './client.mjs';

const { account } = await new Wad().get('whatsapp/account');
if (account) {
  console.log(`${account.phoneNumber.replace(/@.*/, '')} ${account.name}`);
} else {
  console.error('nobody is linked');
  process.exitCode = 1;
}
