controller --tracing-enabled=true \
  --tracing-endpoint=otel-collector.observability:4317 \
  --tracing-sample-rate=0.1
