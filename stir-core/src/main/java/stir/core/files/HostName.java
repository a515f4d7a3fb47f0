package stir.core.files;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** What this machine calls itself. */
public final class HostName {
    private HostName() {}

    /** The machine's name; "this machine" if it has none. */
    public static String current() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "this machine";
        }
    }
}
