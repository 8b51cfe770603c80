// The stand-in listens on every interface by itself; tests stay on this machine.
const serve = Bun.serve;
Bun.serve = (options) => serve({ ...options, hostname: "127.0.0.1" });
