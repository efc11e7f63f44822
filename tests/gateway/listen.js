// Connects to an address with the options given as JSON, and prints each event as a line of JSON.
const { io } = require("socket.io-client");

const [address, options] = process.argv.slice(2);
const socket = io(address, JSON.parse(options));
const print = (event, argument = null) => console.log(JSON.stringify({ event, argument }));

socket.onAny(print);
socket.on("connect", () => print("connect"));
socket.on("disconnect", (reason) => print("disconnect", reason));
socket.on("connect_error", (error) => print("connect_error", { message: error.message, data: error.data ?? null }));
socket.io.engine.on("upgrade", (transport) => print("upgrade", transport.name));
