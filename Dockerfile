# The lab in a container: JupyterLab with its TypeScript kernel and MNIST, for a user who is not root.
#
#   docker build --tag paths-between-minima .
#   docker run --rm --publish 127.0.0.1:8888:8888 paths-between-minima
#
# Once it is built it needs no network. Binder builds this file too (.binder/Dockerfile links to it);
# a development container is its first stage.

FROM node:22-bookworm-slim AS tools
RUN apt-get update \
 && apt-get install -y --no-install-recommends ca-certificates git procps python3 python3-venv \
 && rm -rf /var/lib/apt/lists/*


FROM tools AS build
WORKDIR /lab
COPY package.json package-lock.json ./
COPY lib/package.json lib/
COPY lib/kernel/package.json lib/kernel/
COPY lib/standins lib/standins
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY . .
# An image keeps times in whole seconds: with fractions, what is compiled would look out of date.
RUN find . -exec touch --no-dereference --date=@1700000000 {} + \
 && node lib/commands/prepare.cjs \
 && npx tsx --eval "require('./lib/jupyter/python.ts').ensurePython()"
# What runs needs no compiler of WebAssembly, no bundles for browsers, no other system's binaries.
RUN npm prune --omit=dev --ignore-scripts --no-audit --no-fund \
 && find node_modules .venv -name '*.map' -delete \
 && find node_modules/@tensorflow/tfjs/dist -name 'tf.*' ! -name tf.node.js -delete \
 && rm -r node_modules/zeromq/build/darwin node_modules/zeromq/build/win32 \
 && node lib/dist/notebook/kernelSnapshots.js


FROM node:22-bookworm-slim
RUN apt-get update \
 && apt-get install -y --no-install-recommends python3 tini \
 && rm -rf /var/lib/apt/lists/*
# Binder says who the user is; the base image has a user of that number already.
ARG NB_USER=student
ARG NB_UID=1000
RUN userdel --remove node \
 && useradd --create-home --shell /bin/bash --uid "$NB_UID" "$NB_USER"
ENV USER=$NB_USER HOME=/home/$NB_USER PATH=/lab/.venv/bin:$PATH
WORKDIR /lab
COPY --from=build /lab/package.json /lab/LICENSE ./
COPY --from=build /lab/node_modules node_modules
COPY --from=build /lab/.venv .venv
COPY --from=build /lab/lib lib
COPY --from=build --chown=$NB_UID /lab/.venv/jupyter/config $HOME/.jupyter
COPY --from=build --chown=$NB_UID /lab/data data
COPY --from=build --chown=$NB_UID /lab/notebooks notebooks
USER $NB_UID
WORKDIR /lab/notebooks
EXPOSE 8888
HEALTHCHECK --start-period=30s CMD \
  node -e "fetch('http://127.0.0.1:8888/api').then(({ ok }) => process.exit(ok ? 0 : 1))"
ENTRYPOINT ["tini", "--"]
CMD ["jupyter", "lab", "--ip=0.0.0.0", "--no-browser"]
