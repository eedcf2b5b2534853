# Asterisk 22 LTS as Debian packages it (sid is where it is). Configuration, prompts and scripts come from the state volume,
# written by the setup service; Python is for the emergency path's script.
FROM debian:sid-slim
RUN apt-get update \
 && apt-get install -y --no-install-recommends asterisk asterisk-core-sounds-en-gsm asterisk-moh-opsound-wav python3 \
 && rm -rf /var/lib/apt/lists/* /var/cache/apt/* \
 && asterisk -V | grep -q 'Asterisk 22\.' \
 && groupadd --gid 61822 carillon && useradd --uid 61822 --gid 61822 --no-create-home --shell /usr/sbin/nologin carillon \
 && install -d -o carillon -g carillon /state
USER carillon
VOLUME /state
CMD ["asterisk", "-f", "-C", "/state/switch/etc/asterisk.conf"]
