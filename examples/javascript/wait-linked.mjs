// Waits until the link is ready. An ETag makes asking cheap: what has not changed is not sent again.
import { seconds, Wad } from './client.mjs';

const wad = new Wad();
let etag = '';
for (;;) {
  const response = await wad.request('whatsapp/status', { headers: { 'If-None-Match': etag } });
  if (response.status === 200) {
    etag = response.headers.get('ETag');
    const { currentState, action } = await response.json();
    if (currentState === 'ready') break;
    if (currentState === 'blocked') throw new Error(action);
    console.log(currentState);
  }
  await seconds(1);
}
console.log('linked');
