// Sends a text and waits until WhatsApp has it: node send.mjs NUMBER TEXT.
import { seconds, Wad, WadError } from './client.mjs';

const [to, text] = process.argv.slice(2);
// Asking again under the same reference is harmless: it is the same message, which goes out once.
const draft = { to, text, clientRef: crypto.randomUUID() };
const wad = new Wad();
for (let pause = 1; ; pause += 1) {
  try {
    const { message } = await wad.post('api/whatsapp/messages?wait=sent&timeout=5', draft);
    console.log(message.state);
    break;
  } catch (error) {
    if (error instanceof WadError || pause > 5) throw error;
    await seconds(pause);
  }
}
