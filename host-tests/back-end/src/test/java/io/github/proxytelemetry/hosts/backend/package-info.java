/** Cases of the adapters' contract with the real back end beside the recorder. */
@NullMarked
package io.github.proxytelemetry.hosts.backend;

import org.jspecify.annotations.NullMarked;
