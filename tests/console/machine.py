"""machine.py: a machine in QEMU with a display, a keyboard and a mouse, used from outside as a person would.

    with Machine(folder, root, disk, (1024, 768)) as machine:
        machine.wait_for(lambda picture: …)      # looks at its display
        machine.key("a"); machine.point(100, 200); machine.click()
        machine.ask("fgconsole")                 # a root shell on its second serial port, for looking only

Processor and display are emulated (virtio-vga, no KVM needed), keyboard and mouse are USB, there is no network. QEMU is
ended by its id."""
import json
import os
import re
import select
import socket
import subprocess
import time


class Picture:
    """A display: rows of red, green, blue."""

    def __init__(self, width, height, pixels):
        assert len(pixels) == width * height * 3, (width, height, len(pixels))
        self.width, self.height, self.pixels = width, height, pixels

    @classmethod
    def load(cls, path):
        """A PPM file as QEMU writes it."""
        with open(path, "rb") as file:
            kind, size, depth, pixels = file.read().split(b"\n", 3)
        assert (kind, depth) == (b"P6", b"255"), (kind, depth)
        return cls(*map(int, size.split()), pixels)

    def save(self, path):
        """As a PNG."""
        ppm = b"P6\n%d %d\n255\n" % (self.width, self.height) + self.pixels
        subprocess.run(["convert", "ppm:-", path], input=ppm, check=True)

    def without(self, x, y, width, height):
        """The pixels, with that part of them empty."""
        pixels = bytearray(self.pixels)
        for row in range(y, y + height):
            start = 3 * (row * self.width + x)
            pixels[start:start + 3 * width] = bytes(3 * width)
        return pixels

    def difference(self, other):
        """How many pixels are not the same; None: it is of another size."""
        if (self.width, self.height) != (other.width, other.height):
            return None
        if self.pixels == other.pixels:
            return 0
        return sum(self.pixels[i:i + 3] != other.pixels[i:i + 3] for i in range(0, len(self.pixels), 3))


class Line:
    """Lines of text over a socket of QEMU's."""

    def __init__(self, path):
        self.socket, self.rest = socket.socket(socket.AF_UNIX), b""
        end = time.monotonic() + 30
        while True:
            try:
                return self.socket.connect(path)
            except (FileNotFoundError, ConnectionRefusedError):
                if time.monotonic() > end:
                    raise
                time.sleep(0.02)

    def send(self, text):
        self.socket.sendall(text.encode() + b"\n")

    def read(self, seconds):
        """The next line; None if none comes."""
        end = time.monotonic() + seconds
        while b"\n" not in self.rest:
            if not select.select([self.socket], [], [], max(0, end - time.monotonic()))[0]:
                return None
            came = self.socket.recv(65536)
            if not came:
                raise EOFError("QEMU hung up")
            self.rest += came
        line, self.rest = self.rest.split(b"\n", 1)
        return line.decode(errors="replace").rstrip("\r")


class Machine:
    def __init__(self, folder, root, disk, size, display="virtio-vga"):
        self.folder, self.asked = folder, 0
        self.command = [
            "qemu-system-x86_64", "-nodefaults", "-no-user-config", "-no-reboot", "-m", "1024", "-smp", "1", "-icount", "shift=0", "-display", "none",
            "-vga", "none", "-device", f"{display},xres={size[0]},yres={size[1]}", "-nic", "none",
            "-device", "qemu-xhci", "-device", "usb-kbd,id=keyboard", "-device", "usb-mouse,id=mouse",
            "-kernel", os.path.join(root, "kernel"), "-initrd", os.path.join(root, "initrd"),
            "-append", "root=/dev/vda rw quiet console=ttyS0",
            "-drive", f"if=virtio,format=raw,snapshot=on,file={root}/root.ext4",
            "-drive", f"if=virtio,format=raw,readonly=on,file={disk}",
            "-serial", f"file:{self.path('console.log')}",
            "-serial", f"unix:{self.path('shell')},server=on,wait=off",
            "-qmp", f"unix:{self.path('qmp')},server=on,wait=off"]

    def path(self, name):
        return os.path.join(self.folder, name)

    def __enter__(self):
        self.started = time.monotonic()
        with open(self.path("qemu.log"), "w") as log:
            self.qemu = subprocess.Popen(
                self.command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True)
        try:
            self.qmp = Line(self.path("qmp"))
            self.qmp.read(10)  # the greeting
            self.do("qmp_capabilities")
            self.shell = Line(self.path("shell"))
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        self.qemu.kill()  # its disks keep nothing
        self.qemu.wait()

    def do(self, what, **arguments):
        """A command of QMP; its answer."""
        self.qmp.send(json.dumps({"execute": what, "arguments": arguments}))
        while True:
            line = self.qmp.read(30)
            assert line is not None, f"QEMU does not answer {what}"
            answer = json.loads(line)
            assert "error" not in answer, (what, arguments, answer)
            if "return" in answer:
                return answer["return"]

    def seconds(self):
        """Since it was switched on."""
        return time.monotonic() - self.started

    # --- looking ----------------------------------------------------------------------------------------------------
    def look(self):
        self.do("screendump", filename=self.path("look.ppm"))
        return Picture.load(self.path("look.ppm"))

    def wait_for(self, what, true, seconds=120):
        """Looks until true(picture) is; that picture."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            picture = self.look()
            if true(picture):
                return picture
            time.sleep(0.05)
        picture.save(self.path("missed.png"))
        raise AssertionError(f"waited {seconds} s for {what}, see {self.path('missed.png')}")

    # --- hands ------------------------------------------------------------------------------------------------------
    def _send(self, *events):
        """And gives the machine time to read it, by its own clock: a keyboard remembers 16 events."""
        self.do("input-send-event", events=list(events))
        self.ask("sleep 0.02")

    def hold(self, key, is_down):
        self._send({"type": "key", "data": {"down": is_down, "key": {"type": "qcode", "data": key}}})

    def key(self, *keys):
        """Each a name of QEMU's, or several joined with a +: "ctrl+right"."""
        for chord in keys:
            names = chord.split("+")
            for name in names:
                self.hold(name, True)
            for name in reversed(names):
                self.hold(name, False)

    def type(self, text):
        self.key(*({" ": "spc", "\n": "ret"}.get(letter, letter) for letter in text))

    def move(self, x, y):
        """By so much; a mouse reports steps of at most 127."""
        while x or y:
            step = [max(-100, min(100, length)) for length in (x, y)]
            self._send(*({"type": "rel", "data": {"axis": axis, "value": value}} for axis, value in zip("xy", step)))
            x, y = x - step[0], y - step[1]

    def point(self, x, y):
        """By way of the upper left corner: a mouse does not know where it is."""
        self.move(-3000, -3000)
        self.move(x, y)

    def button(self, is_down, name="left"):
        self._send({"type": "btn", "data": {"down": is_down, "button": name}})

    def click(self):
        self.button(True)
        self.button(False)

    def wheel(self):
        self._send({"type": "btn", "data": {"down": True, "button": "wheel-down"}})
        self._send({"type": "btn", "data": {"down": False, "button": "wheel-down"}})

    # --- the root shell ---------------------------------------------------------------------------------------------
    def ask(self, command, seconds=120):
        """What the command printed; the shell is there when the devices are."""
        if self.asked == 0:
            assert self.shell.read(1200) == "listening", "no shell"
        self.asked += 1
        self.shell.send(f"{{ {command}\n}} </dev/null 2>&1; echo; echo =={self.asked}== $?")
        lines, end = [], time.monotonic() + seconds
        while True:
            line = self.shell.read(max(0, end - time.monotonic()))
            assert line is not None, f"no answer to {command!r} within {seconds} s: {lines}"
            match = re.match(r"==(\d+)== (\d+)$", line)
            if match and int(match[1]) == self.asked:
                return "\n".join(lines).strip("\n")
            lines.append(line)


    def wait_text(self, text, seconds=120):
        """Waits until the first console has that text."""
        end = time.monotonic() + seconds
        while text not in (has := self.ask("cat /dev/vcs1")):
            assert time.monotonic() < end, f"no {text!r} on the console:\n{has.split()}"
            time.sleep(0.2)
